// Reports on a whole run of the server: for each sandbox its journal, the explanations of refused requests and its state, and a summary.
import { redactedText } from '../../http/journal/redaction.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { ControlServer } from '../invoke.ts'
import { explain } from '../journal/explain.ts'
import { harParts } from '../journal/har.ts'
import { code, text } from '../markdown.ts'
import { redactedState } from './masking.ts'

export interface ReportFile {
  /** Relative to the folder of the report. */
  path: readonly string[]
  parts: Iterable<string>
}

/** The names of the files of a sandbox, in the folder `sandbox-NAME`: on Windows no folder can be called `con`. */
export const SANDBOX_FILES = {
  journal: 'requests.har',
  explanations: 'explanations.json',
  state: 'state.json',
} as const
export const SANDBOX_FOLDER = 'sandbox-'

/** Sandboxes with files of their own; those with refused requests come first. */
const MAX_SANDBOXES = 100
/** Refused requests in the summary. */
const MAX_ROWS = 100
/** Characters of a request or an explanation in the summary. */
const MAX_CELL_LENGTH = 300

interface Recorded {
  sandbox: Sandbox
  entries: readonly Entry[]
  /** Those whose response needs an explanation. */
  refused: readonly Entry[]
}

/** The journals of all open sandboxes as one HAR, in the order of the requests, without secrets. */
export function harOfServer({ registry }: ControlServer): Iterable<string> {
  const entries = registry
    .open()
    .flatMap(({ name, journal }) => journal.entries().map(entry => ({ sandbox: name, entry })))
  return harParts(entries.sort((a, b) => a.entry.arrival - b.entry.arrival))
}

/** The files of the report, without secrets; the summary comes last. `command` and `exitCode` are those of the client. */
export function* runReport(
  control: ControlServer,
  { command, exitCode }: { command: readonly string[]; exitCode: number },
): Generator<ReportFile> {
  const recorded = control.registry.open().map(recordOf)
  const ordered = recorded.sort(
    (a, b) =>
      b.refused.length - a.refused.length ||
      b.entries.length - a.entries.length ||
      (a.sandbox.name < b.sandbox.name ? -1 : 1),
  )
  const shown = ordered.slice(0, MAX_SANDBOXES)
  for (const each of shown) yield* filesOf(each, control)
  const title = `# Firedrill ${control.version}: ${code(cut(redactedText(command.join(' '))))} ended with exit code ${exitCode}`
  const paragraphs = [title, sandboxTable(shown, ordered.length), ...refusedTable(shown, control)]
  yield { path: ['summary.md'], parts: [`${paragraphs.join('\n\n')}\n`] }
}

function recordOf(sandbox: Sandbox): Recorded {
  sandbox.settle()
  const entries = sandbox.journal.entries()
  return { sandbox, entries, refused: entries.filter(isRefused) }
}

/** ArcGIS sends its errors with status 200. */
function isRefused({ answer, trace }: Entry): boolean {
  return answer === undefined || answer.status >= 400 || trace.failure !== undefined || trace.fault !== undefined
}

function* filesOf({ sandbox, entries, refused }: Recorded, { apis, operations }: ControlServer): Generator<ReportFile> {
  const { name } = sandbox
  const at = (file: string, parts: Iterable<string>) => ({ path: [`${SANDBOX_FOLDER}${name}`, file], parts })
  yield at(SANDBOX_FILES.journal, harParts(entries.map(entry => ({ sandbox: name, entry }))))
  const explanations = refused.map(entry => explain(entry, operations, name))
  yield at(SANDBOX_FILES.explanations, [`${JSON.stringify(explanations, null, 2)}\n`])
  yield at(SANDBOX_FILES.state, [redactedState(sandbox, apis)])
}

function sandboxTable(shown: readonly Recorded[], total: number): string {
  const rows = shown.map(({ sandbox: { name }, entries, refused }) => {
    const links = Object.entries(SANDBOX_FILES).map(([title, file]) => `[${title}](${SANDBOX_FOLDER}${name}/${file})`)
    return `| ${code(name)} | ${entries.length} | ${refused.length} | ${links.join(', ')} |`
  })
  const head = '| sandbox | requests | refused or faulty | files |\n|---|---|---|---|'
  const leftOut = total > shown.length ? `\n\n${total - shown.length} more sandboxes are left out.` : ''
  return `${[head, ...rows].join('\n')}${leftOut}`
}

function refusedTable(shown: readonly Recorded[], { operations }: ControlServer): string[] {
  const refused = shown.flatMap(({ sandbox: { name }, refused: entries }) => entries.map(entry => ({ name, entry })))
  if (refused.length === 0) return []
  const latest = refused.sort((a, b) => a.entry.arrival - b.entry.arrival).slice(-MAX_ROWS)
  const rows = latest.map(({ name, entry }) => {
    const { request, verdict } = explain(entry, operations, name)
    return `| ${isoInstant(entry.virtualAt)} | ${code(name)} | ${code(cut(request))} | ${text(cut(verdict))} |`
  })
  const leftOut = refused.length - latest.length
  return [
    '## Requests that were refused, not answered, or changed by a fault',
    ['| virtual time | sandbox | request | explanation |', '|---|---|---|---|', ...rows].join('\n'),
    ...(leftOut > 0 ? [`${leftOut} earlier ones are left out; the files of the sandboxes have them.`] : []),
  ]
}

function cut(words: string): string {
  return words.length > MAX_CELL_LENGTH ? `${words.slice(0, MAX_CELL_LENGTH)}…` : words
}
