// Before the tests: the system tools that they open archives and pages with are there, or get installed, or are asked for.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The command, and Debian's package of it. */
const TOOLS = [
  { command: '7zz', packageName: '7zip' },
  { command: 'unzip', packageName: 'unzip' },
  { command: 'openssl', packageName: 'openssl' },
  { command: 'curl', packageName: 'curl' },
  { command: 'chromium', packageName: 'chromium' },
]

function isThere(command: string): boolean {
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

const missing = () => TOOLS.filter(({ command }) => !isThere(command))

/** How this user may run a command as root without being asked for a password; undefined when there is no way. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return []
  return isThere('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

/** What it says is shown only when it fails. */
function run(words: string[]): void {
  const [command = '', ...args] = words
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) console.error(`${words.join(' ')} failed:\n${error?.message ?? stdout + stderr}`)
}

const wanted = missing().map(({ packageName }) => packageName)
const root = wanted.length > 0 && isThere('apt-get') ? asRoot() : undefined
if (root) {
  console.error(`Installing what the tests need: ${wanted.join(', ')}`)
  run([...root, 'apt-get', 'update', '-qq'])
  run([...root, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...wanted])
}
for (const { command, packageName } of missing()) {
  console.error(`The tests need ${command}, which is not there: sudo apt-get install ${packageName}`)
  process.exitCode = 1
}
