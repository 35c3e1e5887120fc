// Searches for a schedule of faults and time that breaks a client, and makes it as small as it can.
import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import type { CertificationTask } from '../../schemas/control/certifications.ts'
import type { Drill } from '../../schemas/drills.ts'
import type { ReportDrill, ReportResult } from '../../schemas/report.ts'
import type { ServerMethods } from '../control/methods.ts'
import { hostStopwatch, hostTimeout } from '../sandbox/clock/clock.ts'
import { checkCount } from './errors.ts'
import { expectedClaim, invariantDrill, type Limits, limitsFor } from './invariants.ts'
import type { ClientRun } from './process.ts'
import { faultsOf, type Schedule, schedules, stepsOf, wordsOf } from './schedule.ts'
import { runTask } from './task.ts'

/** Performs a task, as a client does; undefined if it was interrupted. */
export type SearchClient = (task: CertificationTask) => Promise<ReportResult | undefined>

export interface SearchOptions {
  /** A program and its arguments, run without a shell as by `certify`; or a function of this process. */
  client: readonly string[] | SearchClient
  /** The id of the drill whose task the client performs. The faults and requirements of the drill are not used. */
  task: string
  /** Of the schedules and of all random values. Default `firedrill`. */
  seed?: string
  /** How many schedules are tried. Default 100. */
  runs?: number
  /** How many requests a client may use. Default ten times as many as without faults, at least 50. */
  maxCalls?: number
  /** How fast virtual time is, as for `certify`; with 0, only the client moves the clock. Default 1. */
  timeScale?: number
  /** How long the client may run, in real time, such as `10s`. Default that of the drill. */
  timeLimit?: string
  /** The folder in which the command runs. Default that of this process. */
  cwd?: string
  /** Ends the search when it is aborted; what was found until then is reported. */
  signal?: AbortSignal
  /** Called after each run of the client. */
  onRun?(progress: { runs: number; isBroken: boolean }): void
}

export interface SearchReport {
  task: string
  seed: string
  /**
   * `held`: nothing was found; `broken`: `drill` shows how; `unusable`: the client fails without any fault; `interrupted`: the
   * search was ended before it found anything.
   */
  verdict: 'held' | 'broken' | 'unusable' | 'interrupted'
  /** How often the client was run. */
  runs: number
  /** What the client did wrong, in sentences. */
  reasons: string[]
  /** What happened to it, one sentence for each step. */
  schedule: string[]
  /** Repeats it, as a file of `certify --drills`. */
  drill: Drill | null
}

/** A client that breaks once may have been unlucky. */
const REPETITIONS = 3
const MAX_RUNS = 200
const MAX_MS = 10 * 60_000

/**
 * `certifications` and `drills` are those of a server; `env` is what a command gets besides its task. Throws Refusal or
 * ClientStartError.
 */
export async function search(
  { certifications, drills }: Pick<ServerMethods, 'certifications' | 'drills'>,
  env: ClientRun['env'],
  options: SearchOptions,
): Promise<SearchReport> {
  const { task, seed = 'firedrill', runs = 100, client, cwd, signal = new AbortController().signal } = options
  const { timeLimit } = options
  checkCount('runs', options.runs)
  checkCount('maxCalls', options.maxCalls)
  const drill = { ...drills.get(task), ...(timeLimit === undefined ? {} : { timeLimit }) }
  const run: SearchClient =
    typeof client === 'function'
      ? each => performed(client, each)
      : each => runTask(each, { command: client, env, cwd, signal })
  const runner = new Runner(certifications, run, { ...options, seed })
  const first = await runner.run(invariantDrill(drill))
  const nothing = { task, seed, schedule: [], drill: null }
  if (!first) return { ...nothing, verdict: 'interrupted', runs: runner.runs, reasons: [] }
  const problems = problemsWithoutFaults(drill, first)
  if (problems.length > 0) return { ...nothing, verdict: 'unusable', runs: runner.runs, reasons: problems }
  const limits = {
    ...limitsFor(await runner.usage()),
    ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls }),
  }
  const found = await runner.search(drill, first, limits, runs)
  if (!found) return { ...nothing, verdict: signal.aborted ? 'interrupted' : 'held', runs: runner.runs, reasons: [] }
  const { schedule, reasons } = found
  return {
    task,
    seed,
    verdict: 'broken',
    runs: runner.runs,
    reasons,
    schedule: wordsOf(schedule),
    drill: withSchedule(drill, limits, schedule),
  }
}

/** A function that throws has crashed, and one that takes too long is not waited for. */
async function performed(client: SearchClient, task: CertificationTask): Promise<ReportResult | undefined> {
  let stop = () => {}
  const timeUp = new Promise<ReportResult>(resolve => {
    stop = hostTimeout(task.timeLimitMs, () => resolve({ claim: 'none', timedOut: true }))
  })
  try {
    return await Promise.race([client(task), timeUp])
  } catch (error) {
    return { claim: 'none', problem: `it threw ${error}` }
  } finally {
    stop()
  }
}

/** Without faults, the client must do what the task says. */
function problemsWithoutFaults(drill: Drill, first: ReportDrill): string[] {
  if (first.verdict !== 'passed') return reasonsOf(first)
  const expected = expectedClaim(drill)
  const claim = first.result?.claim
  return claim === expected ? [] : [`Expected the client to report ${expected}; it reported ${claim}.`]
}

interface Found {
  schedule: Schedule
  reasons: string[]
}

class Runner {
  runs = 0
  readonly #certifications: ServerMethods['certifications']
  readonly #client: SearchClient
  readonly #options: SearchOptions & { seed: string }
  readonly #startedAt = hostStopwatch()
  /** Jobs and calls of the first run. */
  #usage = { calls: 0, jobs: 0 }

  constructor(
    certifications: ServerMethods['certifications'],
    client: SearchClient,
    options: SearchOptions & { seed: string },
  ) {
    this.#certifications = certifications
    this.#client = client
    this.#options = options
  }

  get #isOver(): boolean {
    return (
      this.runs >= MAX_RUNS || hostStopwatch() - this.#startedAt >= MAX_MS || (this.#options.signal?.aborted ?? false)
    )
  }

  /** What the client did in the first run. */
  usage() {
    return this.#usage
  }

  /** Undefined if the client was interrupted. Throws Refusal. */
  async run(drill: Drill): Promise<ReportDrill | undefined> {
    const { seed, timeScale } = this.#options
    const request = { documents: [drill], seed, ...(timeScale === undefined ? {} : { timeScale }) }
    const { id } = this.#certifications.create(request)
    try {
      const { task } = this.#certifications.next(id)
      if (!task) return this.#certifications.report(id).drills[0]
      const result = await this.#client(task)
      if (!result) return undefined
      const report = await this.#certifications.submit(id, { drill: drill.id, ...result })
      this.runs += 1
      if (this.runs === 1) {
        const { before, after } = this.#certifications.evidence(id, { drill: drill.id })
        this.#usage = { calls: report.calls.length, jobs: countJobs(after) - countJobs(before) }
      }
      this.#options.onRun?.({ runs: this.runs, isBroken: report.verdict === 'failed' })
      return report
    } finally {
      this.#certifications.delete(id)
    }
  }

  /** The smallest schedule that breaks the client every time. `first` is the run without faults. */
  async search(drill: Drill, first: ReportDrill, limits: Limits, numRuns: number): Promise<Found | undefined> {
    const operations = [...new Set(first.calls.flatMap(({ operation }) => (operation === null ? [] : [operation])))]
    const hasFile = drill.requirements.some(({ rule }) => rule.rule === 'file')
    const download = hasFile ? first.calls.findLast(({ status }) => status === 200)?.operation : undefined
    const target = { drill, operations, download: download ?? undefined }
    let found: Found | undefined
    const holds = fc.asyncProperty(schedules(target), async schedule => {
      const reasons = await this.#breaks(withSchedule(drill, limits, schedule), stepsOf(schedule))
      // Each one that fast-check tries from now on is smaller than those that broke the client before.
      if (reasons) found = { schedule, reasons }
      return reasons === undefined
    })
    await fc.check(holds, { seed: numberOf(this.#options.seed), numRuns })
    return found
  }

  /** Why the client broke in every repetition; undefined if it did not, or when the search is over. */
  async #breaks(drill: Drill, steps: number): Promise<string[] | undefined> {
    let reasons: string[] | undefined
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const report = this.#isOver || steps === 0 ? undefined : await this.run(drill)
      if (report?.verdict !== 'failed') return undefined
      reasons = reasonsOf(report)
    }
    return reasons
  }
}

function withSchedule(drill: Drill, limits: Limits, schedule: Schedule): Drill {
  return { ...invariantDrill(drill, limits), ...faultsOf(schedule, drill) }
}

function reasonsOf({ requirements, reason }: ReportDrill): string[] {
  const failed = requirements.filter(({ verdict }) => verdict === 'failed')
  const sentences = failed.map(({ expected, observed }) => `Expected ${expected}; ${observed}.`)
  return reason === undefined ? sentences : [reason, ...sentences]
}

/** Of a state document. */
function countJobs(state: Record<string, unknown>): number {
  return Array.isArray(state.jobs) ? state.jobs.length : 0
}

/** The seed of fast-check is a number. */
function numberOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readInt32BE()
}
