// Measures the resident memory of servers that have just started, and after many requests.
import type { Figure } from './figures.ts'
import type { Generator } from './load.ts'
import { operationsWith } from './operations.ts'
import { type Program, residentMib, serve } from './processes.ts'
import { prepare, signIn } from './setup.ts'
import type { Programs } from './start-up.ts'

export async function memoryFigures(generator: Generator, programs: Programs, requests: number): Promise<Figure[]> {
  await using firedrill = await serve(programs.firedrill)
  await using fastify = await serve(programs.fastify)
  await using http = await serve(programs.http)
  const idle = {
    firedrill: [residentMib(firedrill.process).now],
    fastify: [residentMib(fastify.process).now],
    http: [residentMib(http.process).now],
  }
  const previous = programs.previous ? await idleMib(programs.previous) : undefined

  const credentials = await prepare(firedrill.url)
  const ofFirst = readsOf(operationsWith(credentials))
  await generator.send(firedrill, ofFirst, { count: requests })
  const ofSecond = readsOf(operationsWith(await signIn(fastify.url, credentials)))
  await generator.send(fastify, ofSecond, { count: requests })

  const what = 'idle RSS'
  const unit = 'MiB'
  const goal = (atMost: number) => ({ of: 'ratio', atMost }) as const
  return [
    { what, unit, firedrill: idle.firedrill, other: { name: 'bare node:http', values: idle.http }, goal: goal(1.5) },
    { what, unit, firedrill: idle.firedrill, other: { name: 'bare Fastify', values: idle.fastify }, goal: goal(1) },
    ...(previous === undefined
      ? []
      : [{ what, unit, firedrill: idle.firedrill, other: { name: 'previous release', values: [previous] } }]),
    {
      what: `RSS after ${requests.toLocaleString('en')} requests`,
      unit,
      firedrill: [residentMib(firedrill.process).now],
      other: { name: 'bare Fastify', values: [residentMib(fastify.process).now] },
      goal: { of: 'value', atMost: 150, accepted: 200 },
    },
  ]
}

async function idleMib(program: Program): Promise<number> {
  await using served = await serve(program)
  return residentMib(served.process).now
}

/** The JSON operations that do not add rows: the baseline has no retention. */
function readsOf(operations: ReturnType<typeof operationsWith>) {
  return operations.filter(({ media, adds }) => media === 'JSON' && !adds).flatMap(({ requests }) => requests)
}
