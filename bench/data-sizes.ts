// Measures what requests cost in sandboxes with more and more data. Run it in a separate process; prints one JSON line.
import { start } from '../src/index.ts'
import { median } from './figures.ts'

const NOW = '2026-06-10T12:00:00Z'
const STORE = 'backupsDefault'
const READS = 300
const LISTS = 7
const RUNS = 30

/** How much a sandbox holds: finished jobs, each of which made a backup, and the backups that are still there. */
const SIZES = {
  small: { jobs: 100, backups: 100 },
  medium: { jobs: 10_000, backups: 1_000 },
  large: { jobs: 100_000, backups: 10_000 },
}
type Size = keyof typeof SIZES

/** CPU time of client and server, in ms. */
export interface Costs {
  readJob: number
  listJobs: number
  listBackups: number
  /** Submitting a job and moving the clock past its end. */
  runJob: number
}
export type DataSizes = Record<Size, Costs>

const server = await start({ clock: `frozen:${NOW}` })
/** The demo data: its first job and its first backup are repeated. */
const demo = server.default.state.export() as { jobs: object[]; arcgis: { backups: object[] } }
const [demoJob] = demo.jobs
const [demoBackup] = demo.arcgis.backups

function jobId(index: number): string {
  return `j00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}

function documentOf({ jobs, backups }: (typeof SIZES)[Size]): Record<string, unknown> {
  return {
    ...demo,
    jobs: Array.from({ length: jobs }, (_, index) => ({ ...demoJob, id: jobId(index) })),
    arcgis: {
      ...demo.arcgis,
      backups: Array.from({ length: backups }, (_, index) => ({
        ...demoBackup,
        storeName: STORE,
        name: `backup-${index}`,
        jobId: jobId(index),
      })),
    },
  }
}

async function request(url: string, form?: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(url, form ? { method: 'POST', body: new URLSearchParams(form) } : {})
  const body = (await response.json()) as Record<string, unknown>
  if (body.error !== undefined) throw new Error(`${url} answered ${JSON.stringify(body.error)}`)
  return body
}

/** The median CPU time of `count` calls, in ms: unlike the duration, it does not depend on what else the machine does. */
async function cpuOfEach(count: number, turn: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const before = process.cpuUsage()
    await turn(index)
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return median(times)
}

async function measure(size: Size): Promise<Costs> {
  const sandbox = server.sandbox(size)
  const { jobs } = SIZES[size]
  sandbox.state.import(documentOf(SIZES[size]))
  const { token } = await request(`${sandbox.url}/arcgis/sharing/rest/generateToken`, {
    username: 'siteadmin',
    password: 'siteadmin.pass1',
    client: 'requestip',
    f: 'json',
  })
  const backups = `${sandbox.url}/arcgis/admin/system/disasterrecovery/stores/${STORE}/backups`
  const query = `f=json&token=${token}`
  const read = (index: number) => request(`${sandbox.url}/arcgis/admin/jobs/${jobId((index * 7919) % jobs)}?${query}`)
  const run = async (index: number) => {
    await request(`${backups}/create`, { name: `more-${index}`, passcode: 'passcode', f: 'json', token: String(token) })
    sandbox.clock.advance({ by: '90s' })
  }
  await cpuOfEach(READS, read)
  return {
    readJob: await cpuOfEach(READS, read),
    listJobs: await cpuOfEach(LISTS, () => request(`${sandbox.url}/arcgis/admin/jobs?${query}`)),
    listBackups: await cpuOfEach(LISTS, () => request(`${backups}?${query}`)),
    runJob: await cpuOfEach(RUNS, run),
  }
}

const sizes: DataSizes = {
  small: await measure('small'),
  medium: await measure('medium'),
  large: await measure('large'),
}
console.log(JSON.stringify(sizes))
await server.close()
