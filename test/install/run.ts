// Installs the packed Firedrill in each documented way, and asks the server that each of them starts. Prints TAP.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type InstallPath, MANAGERS, PATHS } from './paths.ts'
import { startRegistry } from './registry.ts'
import { expectRefusal, tryServer } from './server.ts'
import { tarballFor } from './tarball.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'firedrill-install-'))
const tarball = await tarballFor(folder)
const upstream = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
const registry = await startRegistry(tarball, upstream)
/** The digests of the answers of the servers; more than one is a failure. */
const digests = new Set<string>()
try {
  await installManagers()
  const paths = [...PATHS]
  await Promise.all([tryAll(paths), tryAll(paths)])
} finally {
  registry.close()
  await rm(folder, { recursive: true, force: true })
}

/** Takes paths from the list until it is empty, and prints the result of each. */
async function tryAll(paths: InstallPath[]): Promise<void> {
  for (let path = paths.shift(); path; path = paths.shift()) {
    try {
      await tryPath(path)
      if (digests.size > 1) throw new Error(`the answers are not the same for each path: ${[...digests].join(', ')}`)
      console.log(`ok - ${path.name}`)
    } catch (error) {
      process.exitCode = 1
      const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
      console.log(`${message}\n${stdout}${stderr}\nnot ok - ${path.name}`)
    }
  }
}

async function installManagers(): Promise<void> {
  await mkdir(join(folder, 'managers'))
  await writeFile(join(folder, 'managers/package.json'), JSON.stringify({ private: true, dependencies: MANAGERS }))
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: join(folder, 'managers') })
}

async function tryPath({ name, install, start, keepsSignals = false, refusal }: InstallPath): Promise<void> {
  const cwd = join(folder, 'projects', name)
  await mkdir(cwd, { recursive: true })
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ private: true }))
  const env = environment(cwd)
  for (const command of install) {
    const [program = '', ...args] = command.split(' ')
    await run(program, args, { cwd, env })
  }
  if (refusal === undefined) digests.add(await tryServer(start, { cwd, env }, keepsSignals))
  else await expectRefusal(start, { cwd, env }, refusal)
}

/** As on a machine where nothing has been installed before: the settings and caches of package managers are in the home folder. */
function environment(home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|yarn_|bun_|deno_|xdg_|ci$)/i.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PATH: [join(folder, 'managers/node_modules/.bin'), process.env.PATH].join(delimiter),
    npm_config_registry: registry.url,
    NPM_CONFIG_REGISTRY: registry.url,
    pnpm_config_registry: registry.url,
    YARN_NPM_REGISTRY_SERVER: registry.url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
  }
}
