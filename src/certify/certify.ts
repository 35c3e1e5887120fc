// Certifies a client: runs its command for each drill against a server of this process, and makes the report.
import type { Report, ReportClient, ReportDrill } from '../../schemas/report.ts'
import type { ServerMethods } from '../control/methods.ts'
import { checkCount } from './errors.ts'
import { ReportFolder } from './folder.ts'
import type { ClientRun } from './process.ts'
import { replayCommand } from './replay.ts'
import { readSelection, type Selection } from './selection.ts'
import { runTask } from './task.ts'

export interface CertifyOptions {
  /** The client: a program and its arguments. It runs without a shell. */
  command: readonly string[]
  /** Ids of drills, which may contain `*` and `?`, and files of drills (`*.json`), separated by commas. Default all drills. */
  drills?: string
  /** How many clients run at the same time. Default 1. */
  jobs?: number
  /** How fast virtual time is; with 20, a client that sleeps 1 s waits 20 s of virtual time, and with 0 time is frozen. Default 1. */
  timeScale?: number
  /** Of the random values of the runs. Default that of the server. */
  seed?: string
  client?: ReportClient
  /** Ids of drills and requirements that are expected to fail. If one of them passes, the certification fails. */
  knownFailing?: readonly string[]
  /** A folder for the report, which is made if it does not exist. */
  report?: string
  /** The folder in which the client runs. Default that of this process. */
  cwd?: string
  /** Stops the running clients when it is aborted; the report then says which drills were not run. */
  signal?: AbortSignal
  /** Called when a drill has been judged. */
  onDrill?(drill: ReportDrill): void
}

type Certifications = ServerMethods['certifications']
type Environment = ClientRun['env']

/** `env` is what clients get besides their task. Throws Refusal or ClientStartError; then there is no report. */
export async function certify(
  certifications: Certifications,
  env: Environment,
  options: CertifyOptions,
): Promise<Report> {
  checkCount('jobs', options.jobs)
  const selection = await readSelection(options.drills)
  const folder = options.report === undefined ? undefined : await ReportFolder.open(options.report)
  const { id } = certifications.create(requestOf(options, selection))
  try {
    const { seed } = certifications.report(id)
    const withReplay = (drill: ReportDrill): ReportDrill => ({
      ...drill,
      replay: replayCommand({ ...options, seed }, selection.files.get(drill.id) ?? drill.id),
    })
    await runAll(certifications, id, env, {
      ...options,
      onDrill: drill => options.onDrill?.(withReplay(drill)),
    })
    if (options.signal?.aborted) certifications.interrupt(id)
    const judged = certifications.report(id)
    const replay = replayCommand({ ...options, seed }, options.drills)
    const report: Report = { ...judged, replay, drills: judged.drills.map(withReplay) }
    await folder?.write(report, drill => certifications.evidence(id, { drill }))
    return report
  } finally {
    certifications.delete(id)
  }
}

function requestOf({ client, seed, timeScale, knownFailing }: CertifyOptions, { drills, documents }: Selection) {
  return {
    ...(drills === undefined ? {} : { drills }),
    ...(documents.length === 0 ? {} : { documents }),
    ...(client === undefined ? {} : { client }),
    ...(seed === undefined ? {} : { seed }),
    ...(timeScale === undefined ? {} : { timeScale }),
    ...(knownFailing === undefined ? {} : { knownFailing: [...knownFailing] }),
  }
}

/** Runs the clients, several at a time. The first that cannot be started stops the others, and its error is thrown. */
async function runAll(
  certifications: Certifications,
  id: string,
  env: Environment,
  { command, cwd, jobs = 1, signal, onDrill }: CertifyOptions,
): Promise<void> {
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const nextTask = () => (stop.aborted ? null : certifications.next(id).task)
  const work = async () => {
    for (let task = nextTask(); task; task = nextTask()) {
      const result = await runTask(task, { command, env, cwd, signal: stop })
      // A client that was interrupted is not judged by what it had done until then.
      if (result) onDrill?.(await certifications.submit(id, { drill: task.drill, ...result }))
    }
  }
  const workers = Array.from({ length: jobs }, () =>
    work().catch(error => {
      failed.abort()
      throw error
    }),
  )
  const ended = await Promise.allSettled(workers)
  const failure = ended.find(({ status }) => status === 'rejected')
  if (failure?.status === 'rejected') throw failure.reason
}
