// The job that a row names, and the download of its file.
import type { Table } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { jobStateTone } from '../../components/words.ts'
import { hasToken, inSandbox, saveAs } from '../../state/server.ts'
import { withToast } from '../../state/toasts.ts'
import { serverUrl } from '../../state/url.ts'

type Row = Table['rows'][number]

export function JobBadge({ job: { state, phase } }: { job: NonNullable<Row['job']> }) {
  return (
    <Badge tone={jobStateTone(state)} title={phase}>
      {state}
    </Badge>
  )
}

/** A link, unless the server needs a token, which a link could not send. */
export function Download({ path, row }: { path: string; row: number }) {
  const file = inSandbox(`${path}/file?row=${row}`)
  const label = `Download the file of row ${row}`
  if (hasToken.value) {
    return (
      <Button look="quiet" icon="download" aria-label={label} onClick={() => withToast(() => saveAs(file))}>
        Download
      </Button>
    )
  }
  return (
    <a class="button quiet" href={`${serverUrl}/__admin${file}`} download="" aria-label={label}>
      <Icon name="download" /> Download
    </a>
  )
}
