// Says what the marks of the chart mean.
import { Icon } from '../../../components/icon.tsx'

export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <span class="dot good" /> request
      </li>
      <li>
        <span class="dot bad" /> failed request
      </li>
      <li>
        <span class="dot fault">
          <Icon name="faults" />
        </span>{' '}
        request with a fault
      </li>
      <li>
        <span class="bar" /> job with its phases
      </li>
      <li>
        <span class="tick past" /> recurring event
      </li>
      <li>
        <span class="tick" /> due
      </li>
    </ul>
  )
}
