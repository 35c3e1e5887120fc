// The options of the benchmark.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { operationsWith } from './operations.ts'

export const HELP = `npm run bench -- [options]

Packs and installs Firedrill and measures it beside servers that do the same work: bare node:http, and bare Fastify with TypeBox
and better-sqlite3. Takes about five minutes and ends with the rows that miss their goal.

  --short           start, two operations and memory only; prints no goals
  --only TEXT       only the requests of operations whose names contain it
  --million         a million requests before the memory is read, not 100,000
  --cluster         only one and three processes, with and without HAProxy, which has to be installed; from the sources
  --previous FILE   also measure the tarball of an earlier release
  --installed DIR   do not pack: DIR is a folder in which the package is installed
  --help            print this
`

export interface Options {
  short?: boolean
  only?: string
  million?: boolean
  cluster?: boolean
  previous?: string
  installed?: string
  help?: boolean
}

/** Of the command line; with `problem` when they are invalid. */
export function readOptions(): Options & { problem: string | undefined } {
  const names = {
    short: { type: 'boolean' },
    only: { type: 'string' },
    million: { type: 'boolean' },
    cluster: { type: 'boolean' },
    previous: { type: 'string' },
    installed: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  try {
    const { values } = parseArgs({ options: names })
    return { ...values, problem: problemOf(values) }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

function problemOf({ short, only, million, cluster, previous, installed }: Options): string | undefined {
  if ([short, only !== undefined, million, cluster].filter(Boolean).length > 1) {
    return 'use one of --short, --only, --million and --cluster'
  }
  if (previous !== undefined && !existsSync(previous)) return `--previous ${previous}: there is no such file`
  if (installed !== undefined && !existsSync(join(installed, 'node_modules/firedrill'))) {
    return `--installed ${installed}: the package firedrill is not installed there`
  }
  const names = operationsWith({ cookie: '', token: '', jobId: '' }).map(({ name }) => name)
  if (only !== undefined && !names.some(name => name.includes(only))) {
    return `--only ${only}: no operation has this in its name; they are ${names.join(', ')}`
  }
  return undefined
}
