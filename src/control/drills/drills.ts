// Implements the control operations on drills: starts each run in its own sandbox and judges its client.
import type { Drill, DrillRun, DrillSummary, DrillVerdict, DrillVerdictRequest } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { isObject } from '../../sandbox/is-object.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Registry } from '../../sandbox/registry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { advanceClock } from '../clock/clock.ts'
import { armFault } from '../faults/faults.ts'
import { armPlan } from '../faults/plans.ts'
import { type Context, type ControlServer, type Implementation, implement } from '../invoke.ts'
import { addJobRule } from '../jobs/jobs.ts'
import { createSandbox } from '../sandboxes/sandboxes.ts'
import { drillIds, readDrill } from './files.ts'
import { type ExtraRequirement, type Judgement, judgeRun, unjudged } from './judgement.ts'
import * as rows from './operations.ts'
import { entriesOfRun, resultOf } from './result.ts'
import type { Reported } from './rules.ts'

export const drillImplementations: readonly Implementation[] = [
  implement(rows.listDrills, server => drillIds().map(id => summaryOf(readDrill(id, server)))),
  implement(rows.getDrill, (server, { path }) => readDrill(path.id, server)),
  implement(rows.startDrill, (context, { path }) => startDrill(context, path.id)),
  implement(rows.getDrillVerdict, (server, { path, query }) => judgeDrill(server, path.id, query)),
]

function summaryOf({ id, version, title, api, teaches }: Drill): DrillSummary {
  return { id, version, title, api, teaches }
}

function startDrill(context: Context, id: string): DrillRun {
  const { registry, serverUrl } = context
  const drill = readDrill(id, context)
  const sandbox = `${prefixOf(id)}${(runsOf(registry, id).at(-1) ?? 0) + 1}`
  // At real speed: a client may either sleep or move the clock.
  startClock(openRun(context, drill, { sandbox }), 1)
  const { version, task, inputs, credentials } = drill
  const urls = {
    ...runUrls(serverUrl, sandbox),
    verdictUrl: `${serverUrl}/__admin/drills/${id}/verdict?sandbox=${sandbox}`,
  }
  return { drill: id, version, sandbox, ...urls, task, inputs, credentials }
}

export function runUrls(serverUrl: string, sandbox: string): { url: string; clockUrl: string } {
  const url = `${serverUrl}/@${sandbox}`
  return { url, clockUrl: `${url}/__admin/clock/advance` }
}

/** Creates the sandbox of a run, whose clock stands still. Throws Refusal. */
export function openRun(
  server: ControlServer,
  drill: Drill,
  { sandbox, seed }: { sandbox: string; seed?: string },
): Sandbox {
  const { registry } = server
  createSandbox(server, { name: sandbox, from: drill.from, clock: `frozen:${drill.clock}` }, seed)
  try {
    prepare(server, drill, registry.get(sandbox))
    return registry.get(sandbox)
  } catch (error) {
    registry.drop(sandbox)
    throw error
  }
}

/** `timeScale`: virtual ms per ms of this machine. */
export function startClock(sandbox: Sandbox, timeScale: number): void {
  sandbox.advanceTo(now => now, { rate: timeScale })
}

function prepare(server: ControlServer, { jobRules = [], faults = [], plan, advance }: Drill, sandbox: Sandbox): void {
  checkJournal(sandbox)
  for (const rule of jobRules) addJobRule(sandbox, rule)
  for (const fault of faults) armFault(sandbox, fault, server)
  if (plan !== undefined) armPlan(sandbox, plan, server)
  if (advance !== undefined) advanceClock(sandbox, { by: advance })
}

/** Throws Refusal. */
export function checkJournal({ journal }: Sandbox): void {
  if (journal.enabled) return
  throw new Refusal(
    'conflict',
    'A drill is judged by the journal, which is turned off; start the server with --journal-entries above 0',
  )
}

/** Judges what has happened so far. */
async function judgeDrill(
  server: ControlServer,
  id: string,
  { sandbox, answer, ...given }: DrillVerdictRequest,
): Promise<DrillVerdict> {
  const drill = readDrill(id, server)
  const name = runOf(server.registry, id, sandbox)
  const reported = { ...(answer === undefined ? {} : answerOf(answer)), ...given }
  const { calls, judgement } = await judgeSandbox(server, drill, server.registry.get(name), reported)
  const ended = given.outcome === undefined ? 'running' : 'finished'
  const lifecycle = calls === 0 && given.outcome === undefined ? 'waiting' : ended
  const { verdict, reasons, requirements } = judgement
  return { drill: id, version: drill.version, sandbox: name, lifecycle, verdict, reasons, requirements }
}

/** Throws Refusal. */
function answerOf(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    if (isObject(answer)) return answer
  } catch {
    // Refused below.
  }
  const message = 'answer must be a JSON object'
  throw new Refusal('invalid', message, { details: [message] })
}

/** `calls`: how many requests the client has sent to the API. */
export async function judgeSandbox(
  server: ControlServer,
  drill: Drill,
  sandbox: Sandbox,
  reported: Reported,
  extra: readonly ExtraRequirement[] = [],
): Promise<{ calls: number; judgement: Judgement }> {
  const { apis } = server
  const api = apis.find(({ name }) => name === drill.api) as Api
  const entries = entriesOfRun({ drill, sandbox })
  if (!entries) return { calls: sandbox.journal.received, judgement: unjudged(drill, 'error', INCOMPLETE_JOURNAL) }
  const result = await resultOf({ drill, api, apis, sandbox }, entries, reported)
  return { calls: entries.length, judgement: judgeRun(drill, result, extra) }
}

const INCOMPLETE_JOURNAL =
  'The journal no longer holds all requests of the run: entries were removed, or more arrived than it keeps ' +
  '(--journal-entries, --journal-bytes). Start the drill again.'

/** The numbers of the runs whose sandboxes still exist, ascending. */
function runsOf(registry: Registry, id: string): number[] {
  const names = registry.names().filter(name => name.startsWith(prefixOf(id)))
  const numbers = names.map(name => name.slice(prefixOf(id).length)).filter(text => /^[1-9]\d*$/.test(text))
  return numbers.map(Number).sort((a, b) => a - b)
}

/** The name of a run's sandbox: the one asked for, or the latest. */
function runOf(registry: Registry, id: string, asked: string | undefined): string {
  const names = runsOf(registry, id).map(number => `${prefixOf(id)}${number}`)
  const name = asked ?? names.at(-1)
  if (name === undefined) throw new Refusal('missing', `There is no run of drill "${id}"; start one first`)
  if (!names.includes(name))
    throw new Refusal('missing', `Sandbox "${name}" is not a run of drill "${id}"; start one first`)
  return name
}

function prefixOf(id: string): string {
  return `drill-${id}-`
}
