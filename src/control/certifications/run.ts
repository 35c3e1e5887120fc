// One run of a drill in a certification: starts it in its own sandbox, judges it, and keeps its report and its evidence.
import type { CertificationTask } from '../../../schemas/control/certifications.ts'
import type { Drill } from '../../../schemas/drills.ts'
import type { DrillEvidence } from '../../../schemas/evidence.ts'
import type { ReportDrill, ReportResult, RunLifecycle } from '../../../schemas/report.ts'
import { hostStopwatch, isoInstant } from '../../sandbox/clock/clock.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Registry } from '../../sandbox/registry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { judgeSandbox, openRun, runUrls, startClock } from '../drills/drills.ts'
import { type Judgement, unjudged } from '../drills/judgement.ts'
import type { Reported } from '../drills/rules.ts'
import type { Context, ControlServer } from '../invoke.ts'
import { clientEnds, timeLimitOf } from './ending.ts'
import { packed, requestsOf, stateOf, traceOf, unpacked } from './evidence.ts'
import { redactionFor } from './redaction.ts'
import { callsOf, faultsOf } from './views.ts'

/** What the runs of a certification have in common. */
export interface RunOptions {
  sandbox: string
  seed: string
  timeScale: number
}

interface Started {
  sandbox: Sandbox
  /** By the stopwatch of this machine. */
  startedAt: number
  /** In virtual time, epoch ms. */
  from: number
  before: DrillEvidence['before']
}

export class Run {
  readonly drill: Drill
  #started: Started | undefined
  #isJudging = false
  #report: ReportDrill | undefined
  #evidence: Buffer | undefined

  constructor(drill: Drill) {
    this.drill = drill
  }

  get isStarted(): boolean {
    return this.#started !== undefined || this.#report !== undefined
  }

  get hasEnded(): boolean {
    return this.#report !== undefined
  }

  /** The name of its sandbox while it is running. */
  get sandbox(): string | null {
    return this.#report ? null : (this.#started?.sandbox.name ?? null)
  }

  /** False when the drill cannot be started, which is then its verdict. Throws Refusal when a limit is reached. */
  start(server: ControlServer, options: RunOptions): boolean {
    const { drill } = this
    try {
      const sandbox = openRun(server, drill, options)
      const before = stateOf(sandbox, drill, server)
      this.#started = { sandbox, startedAt: hostStopwatch(), from: sandbox.clock.now(), before }
      startClock(sandbox, options.timeScale)
      return true
    } catch (error) {
      if (!(error instanceof Error) || (error instanceof Refusal && error.kind === 'limit')) throw error
      this.#report = this.#reportWith(
        'finished',
        unjudged(drill, 'error', `The drill cannot be started: ${error.message}`),
      )
      return false
    }
  }

  /** What the client gets. Call it only after `start`. */
  taskFor({ serverUrl }: Context, { sandbox, seed, timeScale }: RunOptions): CertificationTask {
    const { id: drill, version, title, task, inputs, credentials } = this.drill
    const urls = runUrls(serverUrl, sandbox)
    const own = {
      drill,
      version,
      title,
      task,
      ...urls,
      inputs,
      credentials,
      timeLimitMs: timeLimitOf(this.drill),
      timeScale,
    }
    const environment = {
      FIREDRILL_DRILL: drill,
      FIREDRILL_URL: urls.url,
      FIREDRILL_CLOCK_URL: urls.clockUrl,
      FIREDRILL_TASK: JSON.stringify(own),
      FIREDRILL_SEED: seed,
    }
    return { ...own, sandbox, seed, environment }
  }

  /** Judges the run and drops its sandbox. Throws Refusal when there is nothing to judge, or it was judged already. */
  async finish(server: ControlServer, result: ReportResult): Promise<ReportDrill> {
    const { drill } = this
    this.endIfGone(server)
    const started = this.#started
    if (!started) throw new Refusal('conflict', `the task of drill "${drill.id}" has not been handed out`)
    if (this.#report && this.#report.lifecycle !== 'finished') {
      throw new Refusal('conflict', `the run of drill "${drill.id}" was interrupted: ${this.#report.reason}`)
    }
    if (this.#report || this.#isJudging) {
      throw new Refusal('conflict', `there is already a result of drill "${drill.id}"`)
    }
    this.#isJudging = true
    const judgement = await this.#judge(server, started.sandbox, result)
    this.#end(server, started, 'finished', judgement, result)
    return this.report()
  }

  async #judge(server: ControlServer, sandbox: Sandbox, result: ReportResult): Promise<Judgement> {
    const { claim, answer = {}, sha256 } = result
    const outcome = claim === 'none' ? undefined : claim
    const reported: Reported = { ...answer, outcome, ...(sha256 === undefined ? {} : { sha256 }) }
    const extra = [clientEnds(this.drill, result)]
    try {
      return (await judgeSandbox(server, this.drill, sandbox, reported, extra)).judgement
    } catch (error) {
      // The other runs still have to be judged.
      const message = error instanceof Error ? error.message : String(error)
      return unjudged(this.drill, 'error', `The run cannot be judged: ${message}`)
    }
  }

  /** Ends a run that is waiting for its client. */
  interrupt(server: ControlServer): void {
    const started = this.#started
    if (!started || this.#report || this.#isJudging) return
    const judgement = unjudged(this.drill, 'inconclusive', 'The run was stopped before its client ended.')
    this.#end(server, started, 'interrupted', judgement, null)
  }

  /** Ends a run whose sandbox was dropped, reset or replaced: what the client did there is lost. */
  endIfGone(server: ControlServer): void {
    const started = this.#started
    if (!started || this.#report || this.#isJudging || isLive(started.sandbox, server.registry)) return
    const reason = `The sandbox ${started.sandbox.name} was deleted, reset or replaced during the run.`
    this.#report = this.#reportWith('interrupted', unjudged(this.drill, 'error', reason))
  }

  #end(
    server: ControlServer,
    { sandbox, startedAt, from, before }: Started,
    lifecycle: RunLifecycle,
    judgement: Judgement,
    result: ReportResult | null,
  ): void {
    const { drill } = this
    const durationMs = Math.round(hostStopwatch() - startedAt)
    const redaction = redactionFor(drill)
    const shown = redaction.value({ result, requirements: judgement.requirements })
    if (!isLive(sandbox, server.registry)) {
      this.#report = { ...this.#reportWith(lifecycle, judgement), ...shown, durationMs }
      return
    }
    const clock = { from: isoInstant(from), to: isoInstant(sandbox.settle()) }
    const trace = traceOf(sandbox, drill, from, server)
    this.#evidence = packed({ har: requestsOf(sandbox), trace, before, after: stateOf(sandbox, drill, server) })
    const found = { calls: callsOf(sandbox), faults: faultsOf(sandbox) }
    const evidence = evidenceFiles(drill.id)
    this.#report = { ...this.#reportWith(lifecycle, judgement), ...shown, clock, ...found, durationMs, evidence }
    server.registry.drop(sandbox.name)
  }

  /** What is known so far. */
  report(): ReportDrill {
    if (this.#report) return this.#report
    const started = this.#started
    if (!started) return this.#reportWith('waiting', unjudged(this.drill, 'skipped', 'It has not been run.'))
    const { sandbox, from } = started
    const calls = callsOf(sandbox)
    const isCalled = sandbox.journal.entries().some(({ api }) => api === this.drill.api)
    const judgement = unjudged(this.drill, 'skipped', 'The client has not ended yet.')
    return {
      ...this.#reportWith(isCalled ? 'running' : 'waiting', judgement),
      clock: { from: isoInstant(from), to: isoInstant(sandbox.clock.now()) },
      calls,
      faults: faultsOf(sandbox),
    }
  }

  #reportWith(lifecycle: RunLifecycle, { verdict, reason, requirements }: Judgement): ReportDrill {
    const { id, version, title, api, task, teaches } = this.drill
    return {
      id,
      version,
      title,
      api,
      task,
      teaches,
      lifecycle,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      clock: null,
      result: null,
      requirements,
      calls: [],
      faults: [],
      durationMs: null,
    }
  }

  /** Throws Refusal when there is none. */
  evidence(): DrillEvidence {
    if (this.#evidence) return unpacked(this.#evidence)
    throw new Refusal(
      'conflict',
      `the run of drill "${this.drill.id}" has no evidence: it has not ended, or never started`,
    )
  }
}

function isLive(sandbox: Sandbox, registry: Registry): boolean {
  return registry.find(sandbox.name) === sandbox
}

function evidenceFiles(drill: string): NonNullable<ReportDrill['evidence']> {
  const file = (name: string) => `evidence/${drill}/${name}`
  return {
    har: file('requests.har'),
    trace: file('trace.json'),
    before: file('before.json'),
    after: file('after.json'),
  }
}
