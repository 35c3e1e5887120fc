// What a response sent of a file: which bytes, and which entries of an archive.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { SentArchive, SentBody } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { call, inSandbox } from '../../state/server.ts'
import { countText, sizeText } from '../../state/text.ts'

const STATES = {
  sending: { tone: 'info', text: 'being sent' },
  ended: { tone: 'good', text: 'sent' },
  cut: { tone: 'bad', text: 'cut' },
} as const

const PARTS = {
  whole: { tone: 'good', text: 'sent' },
  part: { tone: 'warning', text: 'in part' },
  none: { tone: 'neutral', text: 'not sent' },
} as const

export function ArchivePart({ id, sent }: { id: string; sent: SentBody }) {
  const { tone, text } = STATES[sent.state]
  const ranges = sent.ranges.map(({ first, last }) => `${first.toLocaleString('en')}–${last.toLocaleString('en')}`)
  return (
    <>
      <section>
        <h3>
          File <Badge tone={tone}>{text}</Badge>
        </h3>
        <table class="pairs">
          <tbody>
            <Pair name="File" value={sent.file} />
            <Pair name="Size" value={`${sizeText(sent.sizeBytes)} (${countText(sent.sizeBytes, 'byte')})`} />
            <Pair name="Sent bytes" value={ranges.length === 0 ? 'none' : ranges.join(', ')} />
            <Pair name="ETag" value={sent.etag ?? 'none'} />
            {sent.etag !== sent.contentETag && <Pair name="ETag of the bytes" value={sent.contentETag} />}
            <Pair name="Connection" value={String(sent.connection)} />
          </tbody>
        </table>
      </section>
      <Entries id={id} key={sent.state} />
    </>
  )
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{value}</td>
    </tr>
  )
}

/** More are not shown. */
const MAX_ENTRIES = 500

function Entries({ id }: { id: string }) {
  const archive = useSignal<SentArchive | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  useEffect(() => {
    call<SentArchive>(inSandbox(`/requests/${encodeURIComponent(id)}/archive`)).then(
      found => {
        archive.value = found
      },
      error => {
        problem.value = error.message
      },
    )
  }, [id])
  if (problem.value !== undefined) return <p class="muted">{problem.value}</p>
  if (!archive.value) return null
  const { entries, fileName, mediaType } = archive.value
  return (
    <section>
      <h3>
        {fileName} <span class="muted">{`${mediaType}, ${countText(entries.length, 'entry', 'entries')}`}</span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">Stored</th>
            <th scope="col">Sent</th>
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, MAX_ENTRIES).map(({ path, storedBytes, sent }) => (
            <tr key={path}>
              <td class="path">{path}</td>
              <td>{sizeText(storedBytes)}</td>
              <td>
                <Badge tone={PARTS[sent].tone}>{PARTS[sent].text}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length > MAX_ENTRIES && (
        <p class="muted">and {countText(entries.length - MAX_ENTRIES, 'further entry', 'further entries')}</p>
      )}
    </section>
  )
}
