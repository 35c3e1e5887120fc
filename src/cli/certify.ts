// Certifies a client: runs its command for each drill with a server of its own, prints the progress, and writes the report.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report, ReportClient } from '../../schemas/report.ts'
import { summaryWords } from '../control/certifications/report/words.ts'
import { drillText } from './certify-text.ts'
import { seedFlag, seedOf, withServer } from './client-server.ts'
import { type Call, type Command, textOf } from './command.ts'
import { type Given, OptionError } from './flags.ts'

const EXIT_CODES: Record<Report['verdict'], number> = { passed: 0, failed: 1, inconclusive: 3 }

const MAX_JOBS = 64

export const certifyCommand: Command = {
  name: 'certify',
  summary: 'Run drills against a client: start its command for each, judge what it does, and report',
  arguments: [],
  flags: {
    drills: { value: 'LIST', help: 'ids of drills, with * and ?, or files of drills, separated by commas [all]' },
    jobs: { value: 'N', help: 'how many clients run at the same time [1]' },
    'time-scale': { value: 'FACTOR', help: 'how fast virtual time is, for clients that sleep; 0 is frozen [1]' },
    report: { value: 'DIR', help: 'write the report and its evidence into this folder' },
    'known-failing': { value: 'FILE', help: 'ids of drills and requirements that fail, one on each line' },
    seed: seedFlag,
    'client-name': { value: 'TEXT', help: 'name of the client in the report [its command]' },
    'client-version': { value: 'TEXT', help: 'version of the client in the report' },
    'client-url': { value: 'URL', help: 'address of the client in the report' },
  },
  takesCommand: true,
  async run({ words, commandLine, given, env, report, print }) {
    if (commandLine.length === 0 || words.length > 0) {
      throw new OptionError('certify expects the client after --, as in: firedrill certify -- node client.js')
    }
    const options = await optionsOf(given, commandLine)
    return withServer(seedOf(given, env), report, async (server, signal) => {
      const onDrill = (drill: Report['drills'][number]) => print(drillText(drill))
      const judged = await server.certify({ ...options, signal, onDrill })
      return { text: endText(judged, options.report), exitCode: EXIT_CODES[judged.verdict] }
    })
  },
}

async function optionsOf(given: Given, command: Call['commandLine']) {
  const [drills, report] = [textOf(given, 'drills'), textOf(given, 'report')]
  const [jobs, timeScale] = [textOf(given, 'jobs'), textOf(given, 'time-scale')]
  const knownFailing = textOf(given, 'known-failing')
  return {
    command,
    client: clientOf(given, command),
    ...(drills === undefined ? {} : { drills }),
    ...(report === undefined ? {} : { report }),
    ...(jobs === undefined ? {} : { jobs: jobsOf(jobs) }),
    ...(timeScale === undefined ? {} : { timeScale: timeScaleOf(timeScale) }),
    ...(knownFailing === undefined ? {} : { knownFailing: await idsIn(knownFailing) }),
  }
}

function clientOf(given: Given, command: Call['commandLine']): ReportClient {
  const [name, version, url] = ['client-name', 'client-version', 'client-url'].map(flag => textOf(given, flag))
  return {
    name: name ?? command.join(' ').slice(0, 200),
    ...(version === undefined ? {} : { version }),
    ...(url === undefined ? {} : { url }),
  }
}

function jobsOf(text: string): number {
  const jobs = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (jobs < 1 || jobs > MAX_JOBS)
    throw new OptionError(`--jobs must be a whole number from 1 to ${MAX_JOBS}, not "${text}"`)
  return jobs
}

export function timeScaleOf(text: string): number {
  const factor = Number(text.trim() || Number.NaN)
  if (!(factor === 0 || (factor >= 1e-6 && factor <= 1e6))) {
    throw new OptionError(`--time-scale must be 0 or a number from 0.000001 to 1000000, not "${text}"`)
  }
  return factor
}

/** One id on each line; empty lines, and what follows a `#`, are left out. */
async function idsIn(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').map(line => line.replace(/#.*/s, '').trim())
    return lines.filter(line => line !== '')
  } catch (cause) {
    throw new OptionError(`--known-failing ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function endText(report: Report, folder: string | undefined): string {
  const interrupted = report.lifecycle === 'interrupted' ? ['Interrupted: the other drills were not run.'] : []
  const written = folder === undefined ? [] : [`Report: ${join(folder, 'report.html')}`]
  return [summaryWords(report), ...interrupted, ...written].join('\n')
}
