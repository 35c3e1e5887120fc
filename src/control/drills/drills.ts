// Drills for clients: each starts in a sandbox of its own, and says afterwards whether the client did what a correct one does.
import type { Drill, DrillRun, DrillSummary, DrillVerdict, DrillVerdictRequest } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { endingOf } from './ending.ts'
import { drillIds, readDrill } from './files.ts'
import { judge } from './goals.ts'
import { createSandbox, Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { Stage } from '../../rehearsal/stage.ts'

/** Methods throw Refusal for what cannot be done, and then nothing has changed. Runs live in their sandboxes alone. */
export class DrillsControl {
  readonly #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  list(): DrillSummary[] {
    return drillIds().map(each => {
      const { id, title, api, teaches } = this.get(each)
      return { id, title, api, teaches }
    })
  }

  get(id: string): Drill {
    return readDrill(id, this.#stage)
  }

  /** A new run; `serverUrl` is the `scheme://host` that its URLs begin with. */
  start(id: string, serverUrl: string): DrillRun {
    const drill = this.get(id)
    const { registry } = this.#stage
    const { story, credentials, from, clock } = drill
    const sandbox = `${prefixOf(id)}${(this.#runs(id).at(-1) ?? 0) + 1}`
    // In real time, so that a client may sleep as well as move the clock.
    createSandbox(registry, { name: sandbox, from, clock: `scaled:1:${clock}` })
    try {
      this.#prepare(drill, sandbox)
    } catch (error) {
      registry.drop(sandbox)
      throw error
    }
    const verdictUrl = `${serverUrl}/__admin/drills/${id}/verdict?sandbox=${sandbox}`
    return { drill: id, sandbox, url: `${serverUrl}/@${sandbox}`, story, credentials, verdictUrl }
  }

  /** Can be asked for at any time: it judges what has happened so far. */
  async verdict(id: string, { sandbox, ...reported }: DrillVerdictRequest = {}): Promise<DrillVerdict> {
    const drill = this.get(id)
    const name = this.#runOf(id, sandbox)
    const run = {
      drill,
      api: this.#stage.apis.find(({ name }) => name === drill.api) as Api,
      rehearsal: new Rehearsal(this.#stage, name),
      sandbox: this.#stage.registry.get(name),
    }
    const ending = await endingOf(run, reported)
    const rules = drill.goal.map(goal => judge(goal, ending))
    const reasons = rules.filter(({ passed }) => !passed).map(({ rule, detail }) => `${capitalized(rule)}: ${detail}.`)
    return { drill: id, sandbox: name, passed: reasons.length === 0, reasons, rules }
  }

  #prepare({ jobRules = [], faults = [], advance }: Drill, name: string): void {
    if (!this.#stage.registry.get(name).journal.enabled) {
      throw new Refusal('conflict', 'a drill is judged by the journal, and that is off: start with --journal-entries')
    }
    const rehearsal = new Rehearsal(this.#stage, name)
    for (const rule of jobRules) rehearsal.jobs.addRule(rule)
    for (const fault of faults) rehearsal.faults.arm(fault)
    if (advance !== undefined) rehearsal.clock.advance({ by: advance })
  }

  /** The numbers of the runs whose sandboxes are still there, ascending. */
  #runs(id: string): number[] {
    const names = this.#stage.registry.names().filter(name => name.startsWith(prefixOf(id)))
    const numbers = names.map(name => name.slice(prefixOf(id).length)).filter(text => /^[1-9]\d*$/.test(text))
    return numbers.map(Number).sort((a, b) => a - b)
  }

  /** The name of a run's sandbox. */
  #runOf(id: string, asked: string | undefined): string {
    const names = this.#runs(id).map(number => `${prefixOf(id)}${number}`)
    const name = asked ?? names.at(-1)
    if (name === undefined) throw new Refusal('missing', `there is no run of drill "${id}"; start one`)
    if (!names.includes(name))
      throw new Refusal('missing', `"${name}" is no sandbox of drill "${id}"; start a run of it`)
    return name
  }
}

function prefixOf(id: string): string {
  return `drill-${id}-`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
