// Runs system commands for the test of the container image, as root where this user may become root.
import { execFileSync, type StdioOptions } from 'node:child_process'

/** The words before a command that runs as root. */
export const ROOT: readonly string[] = process.getuid?.() === 0 ? [] : ['sudo', '-n']

interface Settings {
  cwd?: string
}

/** Returns what the command prints. Throws, with its messages, when it fails. */
export function asRoot(words: readonly string[], settings: Settings = {}): string {
  const [program = '', ...args] = [...ROOT, ...words]
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  return execFileSync(program, args, { ...settings, stdio, encoding: 'utf8', maxBuffer: 2 ** 26 }).trimEnd()
}
