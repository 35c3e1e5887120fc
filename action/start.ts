// The main script of the GitHub Action: installs Firedrill, starts a server, and gives its URL and environment to the steps that follow.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { addToPath, append, fail, hide, input, variable } from './runner.ts'

interface Ready {
  url: string
  pid: number
  adminToken?: string
  environment: Record<string, string>
}

class InstallError extends Error {}
class StartError extends Error {}

try {
  const folder = mkdtempSync(join(variable('RUNNER_TEMP'), 'firedrill-'))
  install(input('package') ?? ownVersion(), folder)
  const log = join(folder, 'firedrill.log')
  const { url, pid, adminToken, environment } = await start(folder, optionsIn(input('options') ?? ''), log)
  if (adminToken !== undefined) hide(adminToken)
  append('GITHUB_ENV', environment)
  append('GITHUB_OUTPUT', { url, log })
  append('GITHUB_STATE', { pid: String(pid), log })
  addToPath(join(folder, 'node_modules/.bin'))
  process.stdout.write(`Firedrill is running at ${url}\n`)
} catch (error) {
  if (!(error instanceof InstallError || error instanceof StartError)) throw error
  fail(error.message)
}

/** The version of the checkout that this script belongs to. */
function ownVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

/** The name goes into a file, because a shell, which Windows needs to run npm, would read it as code. */
function install(wanted: string, folder: string): void {
  const isTarball = /\.(tgz|tar\.gz)$/.test(wanted) && !/^https?:/.test(wanted)
  if (isTarball && !existsSync(wanted))
    throw new InstallError(`There is no file "${wanted}", which is the input package`)
  const firedrill = isTarball ? `file:${resolve(wanted)}` : wanted
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { firedrill } }))
  const { status, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) throw new InstallError(`npm cannot be run: ${error.message}`)
  if (status !== 0) throw new InstallError(`npm could not install "${wanted}"`)
}

/** Each line is an option, with its value after a space or an equals sign. The value may contain spaces. */
function optionsIn(text: string): string[] {
  const lines = text.split('\n').map(line => line.trim())
  return lines.flatMap(line => {
    const [, name = '', value] = /^(\S+)(?:\s+(.*))?$/.exec(line) ?? []
    return name === '' ? [] : value === undefined ? [name] : [name, value]
  })
}

/** Runs on the Node.js of this script, and goes on when this script ends. Resolves when the server takes requests. */
async function start(folder: string, options: readonly string[], log: string): Promise<Ready> {
  const cli = join(folder, 'node_modules/firedrill/dist/cli.js')
  const port = options.some(option => /^--port(=|$)/.test(option)) ? [] : ['--port', '0']
  const child = spawn(process.execPath, [cli, ...port, ...options, '--json'], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', openSync(log, 'a')],
  }) as ChildProcessByStdio<null, Readable, null>
  const ended = once(child, 'close').then(([code]) => {
    throw new StartError(`The server ended with ${code}: ${readFileSync(log, 'utf8').trim()}`)
  })
  // A server that has started prints nothing more to standard output.
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  child.stdout.destroy()
  child.unref()
  return JSON.parse(line)
}
