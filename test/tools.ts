// Before the tests: installs the missing system tools that they need, or says which to install.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { TOOLS, type Tool } from './tool-list.ts'

function isInstalled(command: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  return folders.some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function isThere({ command, folder }: Tool): boolean {
  return folder === undefined ? isInstalled(command) : existsSync(join(folder, command))
}

const missing = () => TOOLS.filter(tool => !isThere(tool))

/** The words before a command that run it as root without a password; undefined when this user may not do that. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return []
  return isInstalled('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

/** Shows the output of the command only when it fails. */
function run(words: string[]): void {
  const [command = '', ...args] = words
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) console.error(`${words.join(' ')} failed:\n${error?.message ?? stdout + stderr}`)
}

const wanted = missing().map(({ packageName }) => packageName)
const root = wanted.length > 0 && isInstalled('apt-get') ? asRoot() : undefined
if (root) {
  console.error(`Installing what the tests need: ${wanted.join(', ')}`)
  run([...root, 'apt-get', 'update', '-qq'])
  run([...root, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...wanted])
}
for (const { command, packageName } of missing()) {
  console.error(`The tests need ${command}, which is not installed: sudo apt-get install ${packageName}`)
  process.exitCode = 1
}
