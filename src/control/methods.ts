// The methods of the embedded API. Generated from the control operations by `npm run generate`; do not edit.
import type {
  createCertification,
  deleteCertification,
  interruptCertification,
  listCertifications,
  nextTask,
  readCertification,
  readEvidence,
  readReport,
  readReportJunit,
  readReportMarkdown,
  readReportPage,
  submitResult,
} from './certifications/operations.ts'
import type {
  advanceClock,
  getClock,
  readTimeline,
  runUntilIdle,
  setClock,
} from './clock/operations.ts'
import type {
  listOneTimeCodes,
} from './credentials/operations.ts'
import type {
  getDrill,
  getDrillVerdict,
  listDrills,
  startDrill,
} from './drills/operations.ts'
import type {
  armFault,
  armFaultPlan,
  armFaultProfile,
  clearFaultPlan,
  clearFaults,
  disarmFault,
  faultCatalogue,
  listFaultPlans,
  listFaultProfiles,
  listFaults,
  readFault,
  releaseHeldRequests,
  waitForHeldRequests,
} from './faults/operations.ts'
import type {
  addJobRule,
  cancelJob,
  clearJobRules,
  failJob,
  finishJob,
  listAllJobs,
  listJobRules,
  readJob,
  removeJobRule,
  stepJob,
} from './jobs/operations.ts'
import type {
  clearRequests,
  countRequests,
  dropRequest,
  explainRequest,
  exportCurl,
  exportExchange,
  exportHar,
  exportHttp,
  findRequests,
  listDownloads,
  listRequests,
  listUnmatchedRequests,
  readDownload,
  readRequest,
  readSentArchive,
  removeRequests,
  verifyRequests,
  waitForRequests,
  watchRequests,
} from './journal/operations.ts'
import type {
  createSandbox,
  dropSandbox,
  listSandboxes,
  listScenarios,
} from './sandboxes/operations.ts'
import type {
  describeControl,
  health,
  livez,
  readyz,
  version,
} from './server/operations.ts'
import type {
  assertClean,
  downloadBackup,
  downloadRowFile,
  dropSnapshot,
  exportBundle,
  exportState,
  importState,
  listSnapshots,
  listTables,
  readTable,
  reset,
  restoreSnapshot,
  stateSchema,
  takeSnapshot,
} from './state/operations.ts'
import type { Method } from './operation.ts'

/** Everything that can be done to one sandbox. Methods throw Refusal; then nothing has changed. */
export interface SandboxMethods {
  readonly clock: {
    /**
     * Move the clock forward.
     * Everything due until then has happened when this returns, each event at its own due time. One call applies at most 100000 events. If more are due it stops early, with `stopped` true, and the next call continues.
     */
    readonly advance: Method<typeof advanceClock>
    /** Read the clock. */
    readonly get: Method<typeof getClock>
    /**
     * Read what happened and what is planned over virtual time.
     * The jobs, events, requests and plans of faults of the sandbox in a window of virtual time, and the recurring events that are due.
     */
    readonly timeline: Method<typeof readTimeline>
    /** Move the clock forward until no job has anything due. */
    readonly runUntilIdle: Method<typeof runUntilIdle>
    /**
     * Set the virtual time and how fast it runs.
     * Time only moves forward. Everything due up to the new time has happened when this returns, unless it is `stopped`.
     */
    readonly set: Method<typeof setClock>
  }
  readonly jobs: {
    /**
     * Add a rule for the future jobs of an operation.
     * It applies to all future jobs, or to the next `times`. If several rules apply, the one added last is used.
     */
    readonly addRule: Method<typeof addJobRule>
    /** End a job now as cancelled. */
    readonly cancel: Method<typeof cancelJob>
    /** Remove all job rules. */
    readonly clearRules: Method<typeof clearJobRules>
    /** End a job now as failed. */
    readonly fail: Method<typeof failJob>
    /** End all phases of a job as planned. */
    readonly finish: Method<typeof finishJob>
    /** List the jobs of all APIs. */
    readonly list: Method<typeof listAllJobs>
    /** List the job rules. */
    readonly rules: Method<typeof listJobRules>
    /** Read a job. */
    readonly get: Method<typeof readJob>
    /** Remove a job rule. */
    readonly removeRule: Method<typeof removeJobRule>
    /** End a job's current phase. */
    readonly step: Method<typeof stepJob>
  }
  readonly faults: {
    /**
     * Arm a fault.
     * A fault applies before anything in the request is checked, including authentication. At most one fault applies to a request: of those that match, the one armed first. `matched`, `hits` and `completed` prove what a fault did.
     */
    readonly arm: Method<typeof armFault>
    /**
     * Arm a plan of faults: stages over virtual time, as in an outage with an end.
     * The plan starts now. A stage lasts until the next one starts, and its faults apply only while it lasts; the clock alone determines which stage that is. Disarming all faults also removes plans.
     */
    readonly armPlan: Method<typeof armFaultPlan>
    /**
     * Arm everything in a profile.
     * Disarming all faults also removes its job rules.
     */
    readonly armProfile: Method<typeof armFaultProfile>
    /** Disarm a plan of faults. */
    readonly clearPlan: Method<typeof clearFaultPlan>
    /** Disarm all faults. */
    readonly clear: Method<typeof clearFaults>
    /** Disarm a fault. */
    readonly disarm: Method<typeof disarmFault>
    /** List the fault kinds with their parameters, the errors of each API, the profiles and the plans. */
    readonly catalogue: Method<typeof faultCatalogue>
    /** List the armed plans of faults, with the stage that applies now. */
    readonly plans: Method<typeof listFaultPlans>
    /** List the fault profiles, each a ready-made set of faults. */
    readonly profiles: Method<typeof listFaultProfiles>
    /** List the armed faults, including those that are used up. */
    readonly list: Method<typeof listFaults>
    /** Read a fault. */
    readonly get: Method<typeof readFault>
    /**
     * Let the requests go on that a fault of the kind hold keeps waiting, or fail them.
     * The fault stays armed: later requests are held again. Disarming it also lets its requests go on. They fail when the client disconnects, the sandbox is reset, replaced or dropped, the server stops, or a hold takes longer than `maxMs`.
     */
    readonly release: Method<typeof releaseHeldRequests>
    /**
     * Wait until a fault of the kind hold keeps a request waiting.
     * Requests that it holds already count. After `timeoutMs`, or when the fault is disarmed or the sandbox is dropped, the answer is 408.
     */
    readonly held: Method<typeof waitForHeldRequests>
  }
  readonly requests: {
    /** Empty the journal. */
    readonly clear: Method<typeof clearRequests>
    /** Count the requests that match a pattern. */
    readonly count: Method<typeof countRequests>
    /** Remove a request from the journal. */
    readonly drop: Method<typeof dropRequest>
    /** Explain why a request was answered as it was. */
    readonly explain: Method<typeof explainRequest>
    /** Export a request as a curl command; each secret becomes a shell variable. */
    readonly curl: Method<typeof exportCurl>
    /** Export a request and its response in the format of fixtures/exchanges. */
    readonly exchange: Method<typeof exportExchange>
    /** Export the journal as an HTTP Archive (HAR 1.2). */
    readonly har: Method<typeof exportHar>
    /** Export a request as an .http file for the HTTP clients in editors; each secret becomes a variable. */
    readonly http: Method<typeof exportHttp>
    /** List the requests that match a pattern, in order of arrival. */
    readonly find: Method<typeof findRequests>
    /** List requests and their responses, the latest first. */
    readonly list: Method<typeof listRequests>
    /** List requests that no operation serves. */
    readonly unmatched: Method<typeof listUnmatchedRequests>
    /** Read a request and its response. */
    readonly get: Method<typeof readRequest>
    /**
     * List the entries of the archive that was sent, and which of them the response contained.
     * The archive is made again for this, which fails when the file has changed or was deleted since.
     */
    readonly archive: Method<typeof readSentArchive>
    /** Remove the requests that match a pattern. */
    readonly remove: Method<typeof removeRequests>
    /** Check how many requests match a pattern. */
    readonly verify: Method<typeof verifyRequests>
    /**
     * Wait until enough requests match a pattern.
     * Requests before the call count. After `timeoutMs`, or when the sandbox is dropped, the answer is 408.
     */
    readonly wait: Method<typeof waitForRequests>
    /**
     * Watch requests as they are answered.
     * Server-sent events: `id` is the request’s id, `event` is `request`, `data` is what reading the request returns.
     */
    readonly watch: Method<typeof watchRequests>
  }
  readonly downloads: {
    /**
     * List what was sent of each file that clients downloaded.
     * Made from the requests in the journal: those that were removed do not count, and reset, import and restore empty it. Bytes count when they are handed to the connection; of a client that disconnects, some that were waiting may count as well.
     */
    readonly list: Method<typeof listDownloads>
    /**
     * Read which bytes of a file were sent, more than once, never, or of several versions.
     * Made from the requests in the journal: those that were removed do not count, and reset, import and restore empty it. Bytes count when they are handed to the connection; of a client that disconnects, some that were waiting may count as well.
     */
    readonly get: Method<typeof readDownload>
  }
  /**
   * List the codes that the authenticator apps of the users show now.
   * Computed with the sandbox's clock. An authenticator app shows the same codes as long as that clock is real. A code is accepted once.
   */
  readonly oneTimeCodes: Method<typeof listOneTimeCodes>
  /**
   * Check that the sandbox is as a test should leave it.
   * It is clean when every fault has fired as often as it should, no fault without a limit and no job rule is left, no job is running, and every request matched an operation.
   */
  readonly assertClean: Method<typeof assertClean>
  readonly backups: {
    /**
     * Download the file of a finished backup whose API has no route for it.
     * Not part of any API. The id is the one that the API gives the backup in its storage.
     */
    readonly download: Method<typeof downloadBackup>
  }
  readonly tables: {
    /**
     * Download the file that a row stands for, without faults and without an entry in the journal.
     * The same bytes as clients get from the API, which needs no credentials here.
     */
    readonly file: Method<typeof downloadRowFile>
    /** List the tables of the APIs with the numbers of their rows. */
    readonly list: Method<typeof listTables>
    /**
     * Read rows of a table, without secrets.
     * For people who look at the data. `GET /__admin/state` exports everything, and can be imported.
     */
    readonly read: Method<typeof readTable>
  }
  readonly snapshots: {
    /** Delete a snapshot. */
    readonly drop: Method<typeof dropSnapshot>
    /** List the snapshots of all sandboxes. */
    readonly list: Method<typeof listSnapshots>
    /** Replace everything that the sandbox contains with a snapshot. */
    readonly restore: Method<typeof restoreSnapshot>
    /** Save everything that the sandbox contains under a name. */
    readonly take: Method<typeof takeSnapshot>
  }
  readonly state: {
    /**
     * Export state, journal and explanations of the sandbox as one zip, without secrets.
     * For bug reports. Contains state.json (the state document; it cannot be imported, because its secrets are redacted), requests.har (the journal) and explanations.json (why each request was answered as it was).
     */
    readonly bundle: Method<typeof exportBundle>
    /** Export everything that the sandbox contains, including its secrets. */
    readonly export: Method<typeof exportState>
    /** Replace everything that the sandbox contains with a document. */
    readonly import: Method<typeof importState>
    /** Read the JSON Schema of state documents and fixtures. */
    readonly schema: Method<typeof stateSchema>
  }
  /** Reset the sandbox to its initial state, including journal and faults. */
  readonly reset: Method<typeof reset>
}

/** Everything that can be done to the server as a whole. Methods throw Refusal; then nothing has changed. */
export interface ServerMethods {
  /** Read the OpenAPI document of the control API. */
  readonly describeControl: Method<typeof describeControl>
  /** Check that the server is running and takes requests. */
  readonly health: Method<typeof health>
  /** Check that the server is running, also while it stops. */
  readonly livez: Method<typeof livez>
  /**
   * Check that the server takes requests.
   * It does from the moment at which it listens until it is to stop; then the status is 503, also while the server still answers for `--drain-delay`.
   */
  readonly readyz: Method<typeof readyz>
  /** Read the version. */
  readonly version: Method<typeof version>
  readonly sandboxes: {
    /** Create a sandbox. */
    readonly create: Method<typeof createSandbox>
    /** Delete a sandbox and everything in it. */
    readonly drop: Method<typeof dropSandbox>
    /** List the sandboxes. */
    readonly list: Method<typeof listSandboxes>
  }
  readonly scenarios: {
    /** List the scenarios, with whose state a sandbox can be created. */
    readonly list: Method<typeof listScenarios>
  }
  readonly drills: {
    /** Read a drill: its task, faults, job rules and requirements. */
    readonly get: Method<typeof getDrill>
    /** Judge whether the client did what a correct client does. */
    readonly verdict: Method<typeof getDrillVerdict>
    /** List the drills. */
    readonly list: Method<typeof listDrills>
    /**
     * Start a run of a drill in a sandbox of its own.
     * Waits are measured on the sandbox's clock, which runs in real time. Instead of sleeping, a client or its test can move it with POST {url}/__admin/clock/advance.
     */
    readonly start: Method<typeof startDrill>
  }
  readonly certifications: {
    /**
     * Create a certification: the runs of some or all drills by one client.
     * It starts no client: a program asks for the tasks one by one or several at a time, runs the client for each, and hands in the results. Certifications are kept in memory until they are deleted or the server stops; resetting a sandbox does not change them.
     */
    readonly create: Method<typeof createCertification>
    /** Delete a certification and the sandboxes of its runs. */
    readonly delete: Method<typeof deleteCertification>
    /** Stop a certification: running drills are interrupted, and the others are not run. */
    readonly interrupt: Method<typeof interruptCertification>
    /** List the certifications. */
    readonly list: Method<typeof listCertifications>
    /**
     * Start the next run in a sandbox of its own, and get its task.
     * The sandbox's clock runs `timeScale` times as fast as this machine's. Instead of sleeping, a client can move it with `POST {clockUrl}`. A drill that cannot be started gets the verdict `error`, and the next one is started.
     */
    readonly next: Method<typeof nextTask>
    /** Read a certification: the state of its runs and the verdict so far. */
    readonly get: Method<typeof readCertification>
    /** Read what proves the verdict of a run that has ended: its requests, and the state before and after. */
    readonly evidence: Method<typeof readEvidence>
    /** Read the report of a certification, which is complete when all runs have ended. */
    readonly report: Method<typeof readReport>
    /** Read the report as JUnit XML: a drill is a suite, a requirement a test case. */
    readonly junit: Method<typeof readReportJunit>
    /** Read the report as Markdown, for the summary of a CI job. */
    readonly markdown: Method<typeof readReportMarkdown>
    /** Read the report as a page, with the calls of each run as a diagram. */
    readonly page: Method<typeof readReportPage>
    /**
     * Hand in the result of a client, and get the judged run.
     * The run's sandbox is deleted; the requests and the state in it are kept as evidence.
     */
    readonly submit: Method<typeof submitResult>
  }
}
