// Writes what `exec --har` and `--report` ask for, after the command has ended.
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { ControlServer } from '../control/invoke.ts'
import { CommandError, textOf } from './command.ts'
import { type Flag, type Given, OptionError } from './flags.ts'

export const outputFlags: Readonly<Record<string, Flag>> = {
  har: {
    value: 'FILE',
    help: 'write the requests of all sandboxes here as an HTTP Archive (HAR) when the command ends',
  },
  report: {
    value: 'DIR',
    help: 'write a summary here when the command ends, and the journal, explanations and state of each sandbox',
  },
}

export interface Client {
  command: readonly string[]
  exitCode: number
}

/** Writes the files. Throws CommandError with the exit code of the command, or 1 when that was 0. */
export type WriteOutput = (control: ControlServer, client: Client) => Promise<void>

/** Checks the paths and makes their folders; undefined when no output is asked for. Throws OptionError. */
export function openOutput(given: Given): WriteOutput | undefined {
  const [har, report] = [textOf(given, 'har'), textOf(given, 'report')]
  if (har !== undefined) checkWritable('--har', har, () => checkFile(har))
  if (report !== undefined) checkWritable('--report', report, () => checkFolder(report))
  if (har === undefined && report === undefined) return undefined
  return async (control, client) => {
    const { harOfServer, runReport } = await import('../control/state/run-report.ts')
    try {
      if (har !== undefined) writeWhole(har, harOfServer(control))
      if (report === undefined) return
      await removeReport(report)
      for (const { path, parts } of runReport(control, client)) writeWhole(join(report, ...path), parts)
    } catch (cause) {
      const message = `the output of exec cannot be written: ${(cause as Error).message}`
      throw new CommandError(message, client.exitCode === 0 ? 1 : client.exitCode, { cause })
    }
  }
}

/** Throws OptionError. */
function checkWritable(option: string, path: string, check: () => void): void {
  if (path === '') throw new OptionError(`${option} must be a text that is not empty, not ""`)
  try {
    check()
  } catch (cause) {
    throw new OptionError(`${option} ${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}

function checkFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder')
  const draft = draftOf(path)
  closeSync(openSync(draft, 'w'))
  rmSync(draft)
}

function checkFolder(path: string): void {
  mkdirSync(path, { recursive: true })
  checkFile(join(path, 'summary.md'))
}

/** The file has its name only once it is complete. */
function writeWhole(path: string, parts: Iterable<string>): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = draftOf(path)
  try {
    const file = openSync(draft, 'w')
    try {
      for (const part of parts) writeFileSync(file, part)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}

function draftOf(path: string): string {
  return `${path}.partial`
}

/** Removes an earlier report, and no other files. */
async function removeReport(folder: string): Promise<void> {
  const { SANDBOX_FILES, SANDBOX_FOLDER } = await import('../control/state/run-report.ts')
  rmSync(join(folder, 'summary.md'), { force: true })
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(SANDBOX_FOLDER)) continue
    const inner = join(folder, entry.name)
    for (const name of Object.values(SANDBOX_FILES)) rmSync(join(inner, name), { force: true })
    if (readdirSync(inner).length === 0) rmdirSync(inner)
  }
}
