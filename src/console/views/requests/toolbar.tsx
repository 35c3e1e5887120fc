// Above the list: the filter, and what can be done with all requests.
import { useSignal } from '@preact/signals'
import { Button, IconButton } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { reloadRequests, requests, unread } from '../../state/journal.ts'
import { change } from '../../state/sandbox.ts'
import { inSandbox, saveAs } from '../../state/server.ts'
import { countText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'
import { goTo, hrefOfView, param, sandboxName, setParams } from '../../state/url.ts'
import { FILTER_HELP, hasWord, sandboxIn, toggledWord } from './filter.ts'

export const FILTER_ID = 'request-filter'

/** Words that a click adds to the filter. */
const QUICK = [
  { word: 'status:400-599', title: 'Errors' },
  { word: 'fault:', title: 'Faults' },
  { word: 'forced:', title: 'Forced' },
  { word: 'is:unmatched', title: 'Unmatched' },
]

export function Toolbar({ shown }: { shown: number }) {
  const filter = param('filter') ?? ''
  const isClearing = useSignal(false)
  const isHelping = useSignal(false)
  const setFilter = (text: string) => setParams({ filter: text }, { replace: true })
  const total = requests.value?.length ?? 0
  return (
    <div class="toolbar">
      <search class="filter">
        <form
          onSubmit={event => {
            event.preventDefault()
            const named = sandboxIn(filter)
            if (named) goTo(hrefOfView('requests', { sandbox: named.sandbox, filter: named.rest }))
          }}
        >
          <Icon name="search" />
          <input
            id={FILTER_ID}
            type="search"
            aria-label="Filter the requests"
            placeholder="Filter, such as status:4xx backups"
            autocomplete="off"
            spellcheck={false}
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== 'Escape') return
              event.preventDefault()
              if (filter === '') event.currentTarget.blur()
              else setFilter('')
            }}
          />
          <IconButton
            icon="help"
            label="How to filter"
            onClick={() => {
              isHelping.value = true
            }}
          />
        </form>
      </search>
      <fieldset class="quick" aria-label="Quick filters">
        {QUICK.map(({ word, title }) => (
          <button
            key={word}
            type="button"
            aria-pressed={hasWord(filter, word)}
            onClick={() => setFilter(toggledWord(filter, word))}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <p class="count" role="status">
        {filter === ''
          ? countText(total, 'request')
          : `${shown.toLocaleString('en')} of ${countText(total, 'request')}`}
        {unread.value !== undefined && ` · reading ${unread.value.toLocaleString('en')} more`}
      </p>
      <div class="actions">
        <Button
          icon="download"
          look="quiet"
          title="Download all requests as an HTTP Archive"
          onClick={() =>
            withToast(() => saveAs(inSandbox('/requests.har'), `${sandboxName.value}.har`), 'The HAR was downloaded')
          }
        >
          HAR
        </Button>
        <Button
          icon="trash"
          look="quiet"
          disabled={total === 0}
          onClick={() => {
            isClearing.value = true
          }}
        >
          Clear
        </Button>
      </div>
      {isClearing.value && (
        <Confirm
          title="Clear the journal?"
          text={`${countText(total, 'request')} of the sandbox ${sandboxName.value} will be removed. Jobs, data and faults stay.`}
          action="Clear"
          done="The journal is empty"
          run={async () => {
            await change('/requests', { method: 'DELETE' })
            setParams({ entry: undefined }, { replace: true })
            await reloadRequests()
          }}
          onClose={() => {
            isClearing.value = false
          }}
        />
      )}
      {isHelping.value && (
        <Dialog
          title="How to filter"
          onClose={() => {
            isHelping.value = false
          }}
        >
          <p>Words separated by spaces, which all have to fit. Upper and lower case are the same.</p>
          <table class="filter-help">
            <tbody>
              {FILTER_HELP.map(({ word, meaning }) => (
                <tr key={word}>
                  <th scope="row">
                    <code>{word}</code>
                  </th>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Dialog>
      )}
    </div>
  )
}
