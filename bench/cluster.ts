// Measures one and three processes, with and without HAProxy, with requests for many sandboxes.
import { type Cluster, startCluster } from '../test/deploy/cluster.ts'
import { median } from './figures.ts'
import type { Order } from './generator.ts'
import type { Generator } from './load.ts'
import { LIST_FILES } from './operations.ts'
import { cpuMs } from './processes.ts'

const SANDBOXES = 60
const ROUNDS = { count: 5, seconds: 1 }
/** Creates the sandboxes, and lets V8 compile what is used often, in each process. */
const WARM_UP_REQUESTS = 20_000

interface Setup {
  name: string
  cluster: Cluster
  url: string
}

interface Result {
  requestsPerSecond: number
  p99Ms: number
  /** CPU time for each request, of all servers together and of the proxy. */
  serversUs: number
  proxyUs: number
}

/** Lines of a table in Markdown. The setups take turns, and each figure is the median of the rounds. */
export async function clusterTable(generator: Generator): Promise<string[]> {
  const stops: (() => unknown)[] = []
  const owner = { teardown: (stop: () => unknown) => void stops.push(stop) }
  try {
    const one = await startCluster(owner, { processes: 1 })
    const three = await startCluster(owner, { processes: 3 })
    const [{ program } = { program: undefined }] = one.processes.values()
    if (!program) throw new Error('the process is missing')
    const { url: direct } = JSON.parse(await program.firstLine)
    const setups: Setup[] = [
      { name: 'one process', cluster: one, url: direct },
      { name: 'one process behind HAProxy', cluster: one, url: one.url },
      { name: 'three processes behind HAProxy', cluster: three, url: three.url },
    ]
    const results = new Map<string, Result[]>(setups.map(({ name }) => [name, []]))
    for (const setup of setups)
      await measure(generator, setup, { count: WARM_UP_REQUESTS * setup.cluster.processes.size })
    for (let round = 0; round < ROUNDS.count; round += 1) {
      for (const setup of setups)
        results.get(setup.name)?.push(await measure(generator, setup, { seconds: ROUNDS.seconds }))
    }
    return [
      '| setup | requests/s | p99 | CPU time of the servers | CPU time of HAProxy |',
      '|---|---|---|---|---|',
      ...[...results].map(([name, all]) => row(name, all)),
    ]
  } finally {
    for (const stop of stops.reverse()) stop()
  }
}

async function measure(generator: Generator, { cluster, url }: Setup, amount: Order['amount']): Promise<Result> {
  const requests = Array.from({ length: SANDBOXES }, (_, index) => ({
    ...LIST_FILES,
    path: `/@client-${index}${LIST_FILES.path}`,
  }))
  const servers = [...cluster.processes.values()].map(({ program }) => program.child)
  const proxy = { pid: cluster.proxyPid }
  const cpuOfServers = () => servers.reduce((sum, server) => sum + cpuMs(server), 0)
  const before = { servers: cpuOfServers(), proxy: cpuMs(proxy) }
  const load = await generator.send({ url, process: proxy }, requests, amount)
  const { requestsPerSecond, p99Ms, requests: sent } = load
  const serversUs = ((cpuOfServers() - before.servers) * 1000) / sent
  return { requestsPerSecond, p99Ms, serversUs, proxyUs: ((cpuMs(proxy) - before.proxy) * 1000) / sent }
}

function row(name: string, results: readonly Result[]): string {
  const middle = (value: (result: Result) => number) => median(results.map(value))
  const cells = [
    Math.round(middle(result => result.requestsPerSecond)).toLocaleString('en'),
    `${middle(result => result.p99Ms).toFixed(1)} ms`,
    `${Math.round(middle(result => result.serversUs))} µs`,
    `${Math.round(middle(result => result.proxyUs))} µs`,
  ]
  return `| ${name} | ${cells.join(' | ')} |`
}
