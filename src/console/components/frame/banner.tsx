// Says that the server cannot be reached, or refuses.
import { connection, retryNow } from '../../state/events.ts'
import { askForTokenAgain } from '../../state/server.ts'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'

function tryNow(): void {
  askForTokenAgain()
  retryNow()
}

export function Banner() {
  const state = connection.value
  if (state.state !== 'lost' && !(state.state === 'refused' && state.status !== 404)) return null
  const text = state.state === 'lost' ? 'The connection to the server is lost. Trying again…' : state.message
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      <p>{text}</p>
      <Button onClick={tryNow}>Try now</Button>
    </div>
  )
}
