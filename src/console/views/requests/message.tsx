// The headers and the body of a request or a response.
import type { ServeEvent } from '../../../../schemas/control.ts'
import { Code } from '../../components/code.tsx'
import { CopyButton } from '../../components/copy.tsx'
import { countText, sizeText } from '../../state/text.ts'
import { ArchivePart } from './archive.tsx'
import { type JsonPart, shownBody } from './body-format.ts'

type Headers = ServeEvent['request']['headers']
type BodySize = ServeEvent['firedrill']['requestBody']

export function RequestPart({ entry: { request, firedrill } }: { entry: ServeEvent }) {
  const query = Object.values(request.queryParams).flatMap(({ key, values }) =>
    values.map(value => ({ name: key, value })),
  )
  return (
    <div class="message">
      <Code text={`${request.method} ${request.absoluteUrl}`} copied={request.absoluteUrl} label="URL" isWrapped />
      {query.length > 0 && <Fields title="Query" fields={query} />}
      <HeaderFields headers={request.headers} />
      <Body body={request.body} headers={request.headers} size={firedrill.requestBody} />
    </div>
  )
}

export function ResponsePart({ entry }: { entry: ServeEvent }) {
  const { response, firedrill } = entry
  if (!response) {
    return (
      <p class="message muted">
        {firedrill.durationMs === null
          ? 'The request is not answered yet.'
          : 'No response was sent: the connection was closed before.'}
      </p>
    )
  }
  return (
    <div class="message">
      <HeaderFields headers={response.headers} />
      {firedrill.sent ? (
        <ArchivePart id={entry.id} sent={firedrill.sent} />
      ) : (
        <Body body={response.body} headers={response.headers} size={firedrill.responseBody} />
      )}
    </div>
  )
}

function HeaderFields({ headers }: { headers: Headers }) {
  const fields = Object.entries(headers).flatMap(([name, values]) => [values].flat().map(value => ({ name, value })))
  return <Fields title="Headers" fields={fields} />
}

interface FieldsProps {
  title: string
  fields: readonly { name: string; value: string }[]
}

function Fields({ title, fields }: FieldsProps) {
  return (
    <section>
      <h3>{title}</h3>
      <table class="pairs">
        <tbody>
          {fields.map(({ name, value }, index) => (
            // Names can repeat; the list does not change.
            <tr key={String(index)}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Body({ body, headers, size }: { body: string; headers: Headers; size: BodySize | null }) {
  const sizeBytes = size?.sizeBytes ?? 0
  if (sizeBytes === 0) return <p class="muted">No body</p>
  const note = size?.shown === 'start' ? `, of which the journal keeps the first ${sizeText(body.length)}` : ''
  return (
    <section>
      <h3>
        Body <span class="muted">{sizeText(sizeBytes) + note}</span>
      </h3>
      {size?.shown === 'none' ? (
        <p class="muted">The journal does not keep streams and binary bodies.</p>
      ) : (
        <BodyText body={body} contentType={contentTypeOf(headers)} />
      )}
    </section>
  )
}

function contentTypeOf(headers: Headers): string {
  const [, value = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? []
  return [value].flat()[0] ?? ''
}

function BodyText({ body, contentType }: { body: string; contentType: string }) {
  const shown = shownBody(body, contentType)
  if (shown.kind === 'json') return <Json parts={shown.parts} body={body} />
  if (shown.kind === 'text') return <Code text={shown.text} label="Body" isWrapped />
  return <Fields title={countText(shown.fields.length, 'form field')} fields={shown.fields} />
}

/** More would only slow the page down. */
const MAX_COLOURED = 2000

function Json({ parts, body }: { parts: readonly JsonPart[]; body: string }) {
  const rest = parts.slice(MAX_COLOURED).map(({ text }) => text)
  return (
    <figure class="code wrapped" aria-label="Body">
      {/* Can be scrolled with the keyboard. */}
      <pre tabIndex={0}>
        <code>
          {parts.slice(0, MAX_COLOURED).map(({ kind, text }, index) => (
            <span key={String(index)} class={`json-${kind}`}>
              {text}
            </span>
          ))}
          {rest.join('')}
        </code>
      </pre>
      <CopyButton text={body} label="Copy body" />
    </figure>
  )
}
