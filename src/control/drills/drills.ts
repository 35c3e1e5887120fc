// Implements the control operations on drills: starts each run in its own sandbox and judges its client.
import type { Drill, DrillRun, DrillSummary, DrillVerdict, DrillVerdictRequest } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Registry } from '../../sandbox/registry.ts'
import { advanceClock } from '../clock/clock.ts'
import { armFault } from '../faults/faults.ts'
import { type Context, type ControlServer, type Implementation, implement } from '../invoke.ts'
import { addJobRule } from '../jobs/jobs.ts'
import { createSandbox } from '../sandboxes/sandboxes.ts'
import { drillIds, readDrill } from './files.ts'
import { judge } from './goals.ts'
import * as rows from './operations.ts'
import { resultOf } from './result.ts'

export const drillImplementations: readonly Implementation[] = [
  implement(rows.listDrills, server => drillIds().map(id => summaryOf(readDrill(id, server)))),
  implement(rows.getDrill, (server, { path }) => readDrill(path.id, server)),
  implement(rows.startDrill, (context, { path }) => startDrill(context, path.id)),
  implement(rows.getDrillVerdict, (server, { path, query }) => judgeDrill(server, path.id, query)),
]

function summaryOf({ id, title, api, teaches }: Drill): DrillSummary {
  return { id, title, api, teaches }
}

function startDrill(context: Context, id: string): DrillRun {
  const { registry, serverUrl } = context
  const drill = readDrill(id, context)
  const { story, credentials, from, clock } = drill
  const sandbox = `${prefixOf(id)}${(runsOf(registry, id).at(-1) ?? 0) + 1}`
  // At real speed: a client may either sleep or move the clock.
  createSandbox(registry, { name: sandbox, from, clock: `scaled:1:${clock}` })
  try {
    prepare(context, drill, sandbox)
  } catch (error) {
    registry.drop(sandbox)
    throw error
  }
  const verdictUrl = `${serverUrl}/__admin/drills/${id}/verdict?sandbox=${sandbox}`
  return { drill: id, sandbox, url: `${serverUrl}/@${sandbox}`, story, credentials, verdictUrl }
}

function prepare(server: ControlServer, { jobRules = [], faults = [], advance }: Drill, name: string): void {
  const sandbox = server.registry.get(name)
  if (!sandbox.journal.enabled) {
    throw new Refusal(
      'conflict',
      'A drill is judged by the journal, which is turned off; start the server with --journal-entries above 0',
    )
  }
  for (const rule of jobRules) addJobRule(sandbox, rule)
  for (const fault of faults) armFault(sandbox, fault, server)
  if (advance !== undefined) advanceClock(sandbox, { by: advance })
}

/** Judges what has happened so far. */
async function judgeDrill(
  server: ControlServer,
  id: string,
  { sandbox, ...reported }: DrillVerdictRequest,
): Promise<DrillVerdict> {
  const drill = readDrill(id, server)
  const name = runOf(server.registry, id, sandbox)
  const api = server.apis.find(({ name }) => name === drill.api) as Api
  const run = { drill, api, apis: server.apis, sandbox: server.registry.get(name) }
  const result = await resultOf(run, reported)
  const rules = drill.goal.map(goal => judge(goal, result))
  const reasons = rules.filter(({ passed }) => !passed).map(({ rule, detail }) => `Expected ${rule}; ${detail}.`)
  return { drill: id, sandbox: name, passed: reasons.length === 0, reasons, rules }
}

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
