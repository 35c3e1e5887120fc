// Measures the request rate, the CPU time and the latency of operations, in alternation with other servers.
import type { Figure, Goal } from './figures.ts'
import type { Generator, Measured } from './load.ts'
import type { Operation } from './operations.ts'
import type { Served } from './processes.ts'

export interface Contender {
  name: string
  served: Served
  /** The operations that this server has. */
  operations: Operation[]
}

export interface Rounds {
  count: number
  seconds: number
}

/** A server uses one core: the rate that it can reach is the inverse of the CPU time, which other programs change little. */
const GOALS = {
  cpu: { of: 'ratio', atMost: 1, accepted: 1.25 },
  /** Twice the rate of WireMock without its journal is 1.04 times that of the bare server; see docs/performance.md. */
  twiceWireMock: { of: 'ratio', atMost: 0.96, accepted: 1.25 },
  p99: { of: 'ratio', atMost: 1.25 },
} satisfies Record<string, Goal>

const COMPARED_WITH_WIREMOCK = 'dscloud: listApplicationBackups'

/** `others[0]` is the server that the goals refer to. */
export async function requestFigures(
  generator: Generator,
  firedrill: Contender,
  others: Contender[],
  rounds: Rounds,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const operation of firedrill.operations) {
    const having = others.filter(other => requestsOf(other, operation.name))
    const measured = await alternate(generator, [firedrill, ...having], operation.name, rounds)
    const cpuGoal = operation.name === COMPARED_WITH_WIREMOCK ? GOALS.twiceWireMock : GOALS.cpu
    for (const other of having) {
      const isJudged = other === others[0] && operation.media === 'JSON'
      const compare = (what: string, unit: string, pick: (each: Measured) => number, goal?: Goal): Figure => ({
        what: `${operation.name}: ${what}`,
        unit,
        firedrill: (measured.get(firedrill) ?? []).map(pick),
        other: { name: other.name, values: (measured.get(other) ?? []).map(pick) },
        ...(isJudged && goal && { goal }),
      })
      figures.push(
        compare('requests', 'req/s', each => each.requestsPerSecond),
        compare('CPU each', 'µs', each => each.cpuUs, cpuGoal),
        compare('p99', 'ms', each => each.p99Ms, GOALS.p99),
      )
    }
  }
  return figures
}

/** One round of each server after the other, in the opposite order every second time, after one that is not counted. */
async function alternate(
  generator: Generator,
  contenders: Contender[],
  name: string,
  { count, seconds }: Rounds,
): Promise<Map<Contender, Measured[]>> {
  const measured = new Map(contenders.map(contender => [contender, [] as Measured[]]))
  for (let round = 0; round <= count; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const load = await generator.send(contender.served, requestsOf(contender, name) ?? [], { seconds })
      if (round > 0) measured.get(contender)?.push(load)
    }
  }
  return measured
}

function requestsOf({ operations }: Contender, name: string): Operation['requests'] | undefined {
  return operations.find(operation => operation.name === name)?.requests
}
