// Measures how long servers take to start.
import type { Figure } from './figures.ts'
import type { LibraryStart } from './library-start.ts'
import { output, type Program, serve } from './processes.ts'

export interface Programs {
  firedrill: Program
  source?: Program
  fastify: Program
  http: Program
  previous?: Program
}

/** From spawning the process to the first 200, in alternation. */
export async function processStarts(programs: Programs, rounds: number): Promise<Figure[]> {
  const names = Object.keys(programs) as (keyof Programs)[]
  const ms = new Map(names.map(name => [name, [] as number[]]))
  const cpuMs = new Map(names.map(name => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs) as [keyof Programs, Program][]) {
      await using served = await serve(program)
      ms.get(name)?.push(served.firstAnswerMs)
      cpuMs.get(name)?.push(served.firstAnswerCpuMs)
    }
  }
  const compare = (
    what: string,
    times: typeof ms,
    of: keyof Programs,
    other: keyof Programs,
    name: string,
  ): Figure => ({
    what,
    unit: 'ms',
    firedrill: times.get(of) ?? [],
    other: { name, values: times.get(other) ?? [] },
  })
  const time = 'start: spawn to first 200'
  const cpu = 'start: CPU time until then'
  return [
    {
      ...compare(time, ms, 'firedrill', 'http', 'bare node:http'),
      goal: { of: 'ratio', atMost: 1.5, accepted: 2.2 },
    },
    compare(time, ms, 'firedrill', 'fastify', 'bare Fastify'),
    compare(cpu, cpuMs, 'firedrill', 'http', 'bare node:http'),
    compare(cpu, cpuMs, 'firedrill', 'fastify', 'bare Fastify'),
    ...(programs.source ? [compare('start from the sources', ms, 'source', 'http', 'bare node:http')] : []),
    ...(programs.previous
      ? [
          compare(time, ms, 'firedrill', 'previous', 'previous release'),
          compare(cpu, cpuMs, 'firedrill', 'previous', 'previous release'),
        ]
      : []),
  ]
}

/** `library`: the URL of the module that programs import. */
export async function libraryStarts(library: string, rounds: number): Promise<Figure[]> {
  const firstMs: number[] = []
  const laterMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const figures = await output<LibraryStart>('library-start.ts', { args: [library] })
    firstMs.push(figures.firstMs)
    laterMs.push(figures.laterMs)
  }
  return [
    { what: 'start(): first in a process', unit: 'ms', firedrill: firstMs, goal: { of: 'value', atMost: 60 } },
    { what: 'start(): later', unit: 'ms', firedrill: laterMs, goal: { of: 'value', atMost: 10 } },
  ]
}
