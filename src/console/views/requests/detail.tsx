// One request: what was sent and answered, why, and what can be done with it.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ServeEvent } from '../../../../schemas/control.ts'
import { Status } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { copyText } from '../../components/copy.tsx'
import { Empty } from '../../components/empty.tsx'
import { Icon } from '../../components/icon.tsx'
import { Link } from '../../components/link.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { changes } from '../../state/events.ts'
import { call, inSandbox, type ServerError, send } from '../../state/server.ts'
import { useShortcuts } from '../../state/shortcuts.ts'
import { dateTimeText, durationText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'
import { hrefOfView, param, setParams } from '../../state/url.ts'
import { ExplanationPart } from './explanation.tsx'
import { ExportPart } from './export.tsx'
import { ForceDialog } from './force.tsx'
import { Marks } from './list.tsx'
import { RequestPart, ResponsePart } from './message.tsx'

export const DETAIL_ID = 'request'

interface RequestDetailProps {
  id: string
  /** Selects the next request (1) or the previous one (-1). */
  step(by: number): void
  onClose(): void
}

/** The request, read again while its response is on the way. */
function useEntry(id: string) {
  const entry = useSignal<ServeEvent | undefined>(undefined)
  const error = useSignal<ServerError | undefined>(undefined)
  const change = changes.value
  useEffect(() => {
    const isFinal = entry.value?.response && entry.value.firedrill.sent?.state !== 'sending'
    if (isFinal) return
    call<ServeEvent>(inSandbox(`/requests/${encodeURIComponent(id)}`)).then(
      found => {
        entry.value = found
        error.value = undefined
      },
      failure => {
        error.value = failure
      },
    )
  }, [change])
  return { entry: entry.value, error: error.value }
}

export function RequestDetail({ id, step, onClose }: RequestDetailProps) {
  const { entry, error } = useEntry(id)
  const copyCurl = () =>
    withToast(async () => {
      const response = await send(inSandbox(`/requests/${encodeURIComponent(id)}/curl`))
      await copyText(await response.text(), 'The curl command was copied')
    })
  useShortcuts([{ key: 'c', title: 'Copy the request as a curl command', run: copyCurl }])
  return (
    <section id={DETAIL_ID} class="request-detail" tabIndex={-1} aria-label="Request">
      <div class="detail-bar">
        <IconButton icon="back" label="Close" class="only-narrow" onClick={onClose} />
        <IconButton icon="up" label="Previous request" onClick={() => step(-1)} />
        <IconButton icon="down" label="Next request" onClick={() => step(1)} />
        <div class="actions">
          <Button icon="copy" look="quiet" onClick={copyCurl}>
            curl
          </Button>
          {entry?.firedrill.operation && <OperationActions entry={entry} operation={entry.firedrill.operation} />}
          {entry?.firedrill.canRewind && (
            <Link
              class="button quiet"
              href={hrefOfView('sandboxes', { at: id })}
              title="Create a sandbox as this one was right after the request"
            >
              <Icon name="back" />
              <span>Rewind</span>
            </Link>
          )}
        </div>
        <IconButton icon="close" label="Close the request" class="only-wide" onClick={onClose} />
      </div>
      {entry ? (
        <Entry entry={entry} />
      ) : error ? (
        <Empty
          icon="requests"
          title={error.status === 404 ? 'This request is not in the journal any more' : error.message}
        >
          <p>
            It was removed, or there are newer ones: the journal keeps as many as the option --journal-entries says. The
            list shows requests that were removed by a pattern until the page is loaded again.
          </p>
        </Empty>
      ) : (
        <p class="loading">Reading the request…</p>
      )}
    </section>
  )
}

function OperationActions({ entry, operation }: { entry: ServeEvent; operation: string }) {
  const isForcing = useSignal(false)
  return (
    <>
      <Link class="button quiet" href={hrefOfView('faults', { operation })} title={`Arm a fault of ${operation}`}>
        <Icon name="faults" />
        <span>Fault this operation</span>
      </Link>
      <Button
        icon="reply"
        look="quiet"
        title={`Choose what ${operation} answers next`}
        onClick={() => {
          isForcing.value = true
        }}
      >
        Force an answer
      </Button>
      {isForcing.value && (
        <ForceDialog
          entry={entry}
          operation={operation}
          onClose={() => {
            isForcing.value = false
          }}
        />
      )}
    </>
  )
}

function Entry({ entry }: { entry: ServeEvent }) {
  const { request, response, firedrill } = entry
  const { operation, api, fault, forced, error, durationMs, virtualTime, sandbox, principal } = firedrill
  const marks = { fault: fault?.fault, forced: forced ?? undefined, error: error ?? undefined }
  return (
    <>
      <header class="request-head">
        <h2>
          <Status status={response?.status} /> <span class="method">{request.method}</span>{' '}
          <span class="path">{firedrill.path}</span>
        </h2>
        <dl class="facts">
          <div>
            <dt>Operation</dt>
            <dd>{operation === null ? 'none' : `${operation} of ${api}`}</dd>
          </div>
          <div>
            <dt>Virtual time</dt>
            <dd>{dateTimeText(virtualTime)}</dd>
          </div>
          <div>
            <dt>Took</dt>
            <dd>{durationMs === null ? 'not answered yet' : durationText(durationMs)}</dd>
          </div>
          <div>
            <dt>Sandbox</dt>
            <dd>{sandbox}</dd>
          </div>
          {principal !== null && (
            <div>
              <dt>Credential</dt>
              <dd>{principal}</dd>
            </div>
          )}
          {(fault || forced !== null || error !== null) && (
            <div>
              <dt>Cause</dt>
              <dd class="marks">
                <Marks row={marks} />
                {fault && <Link href={hrefOfView('faults', { tab: 'armed' })}>{fault.id}</Link>}
              </dd>
            </div>
          )}
        </dl>
      </header>
      <Tabs
        label="Parts of the request"
        selected={param('part')}
        onSelect={part => setParams({ part }, { replace: true })}
        tabs={[
          { id: 'response', title: 'Response', content: () => <ResponsePart entry={entry} /> },
          { id: 'request', title: 'Request', content: () => <RequestPart entry={entry} /> },
          { id: 'why', title: 'Why', content: () => <ExplanationPart id={entry.id} isEnded={durationMs !== null} /> },
          { id: 'export', title: 'Export', content: () => <ExportPart id={entry.id} /> },
        ]}
      />
    </>
  )
}
