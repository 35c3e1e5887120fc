#!/usr/bin/env node
// The command line: starts the server or runs a command. The only file that prints or exits.
import module from 'node:module'
import { setFlagsFromString } from 'node:v8'
import type { Config } from './config.ts'
import type { Listening } from './listen.ts'
import { nodeProblem } from './node-version.ts'

// Everything else is imported later: an older Node.js would fail to load the native module instead of saying why.
const problem = nodeProblem()
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
module.enableCompileCache?.()
await main(process.argv.slice(2))

async function main(argv: string[]): Promise<void> {
  const { OptionError } = await import('./cli/flags.ts')
  const [first = '-'] = argv
  try {
    // Starting the server loads none of the commands: test suites start it many times a day.
    if (first === 'start' || first.startsWith('-')) await serve(argv)
    else await command(argv)
  } catch (error) {
    const exitCode = error instanceof OptionError ? 2 : exitCodeOf(error)
    if (exitCode === undefined) throw error
    process.stderr.write(`firedrill: ${(error as Error).message}\n`)
    process.exit(exitCode)
  }
}

async function serve(argv: string[]): Promise<void> {
  // V8 reads these at each collection. The first keeps the space for new objects at its first size, which is 60 MiB less under load
  // for the same CPU time. The second collects the others when they take 1.4 times what was left of them: another 70 MiB less.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=40')
  const [{ configFromCommandLine, switchFlags }, { hasSwitch }] = await Promise.all([
    import('./config.ts'),
    import('./cli/flags.ts'),
  ])
  // Help and version are printed even when other options or the environment are not valid.
  if (hasSwitch(argv, 'help', switchFlags.help)) return print((await import('./cli/index.ts')).helpFor(argv))
  if (hasSwitch(argv, 'version', switchFlags.version)) return print((await import('./package.ts')).packageVersion())
  const { config, switches } = configFromCommandLine(argv[0] === 'start' ? argv.slice(1) : argv)
  if (switches.openapi) return write(await (await import('./openapi.ts')).openapiYaml())
  const { environmentAt, startListening } = await import('./listen.ts')
  const server = await startListening(config, report, await logFor(config))
  stopOnSignal(server)
  // Only a generated token is printed.
  const adminToken = config.adminToken === undefined ? server.config.adminToken : undefined
  print(
    switches.json
      ? JSON.stringify({
          ready: true,
          url: server.url,
          httpUrl: server.httpUrl,
          pid: process.pid,
          adminToken,
          environment: environmentAt(server.url, { ...server.config, adminToken }),
        })
      : await overview(server, adminToken, config),
  )
  // Otherwise Node.js writes it when the process ends, and never for a server that is killed.
  module.flushCompileCache()
}

async function command(argv: string[]): Promise<void> {
  const [{ runCommand }, { environment }] = await Promise.all([import('./cli/index.ts'), import('./config.ts')])
  // The reader of a pipe, such as head, may close it early.
  process.stdout.on('error', () => process.exit())
  const { text, exitCode } = await runCommand(argv, { env: environment(), report, logFor, print })
  if (text !== '') print(text)
  process.exitCode = exitCode
}

/** The exit code that the error of a command specifies; undefined for unexpected errors. */
function exitCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'exitCode' in error ? (error.exitCode as number) : undefined
}

function report(error: unknown, { method, url }: { method: string; url: string }): void {
  process.stderr.write(`firedrill: ${method} ${url} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
}

/** What --log prints. Standard output is for results. */
async function logFor({ log }: Pick<Config, 'log'>) {
  return log && (await import('./cli/log.ts')).logTo(process.stderr, log)
}

/** The first signal lets running requests finish within the grace period; a second one does not wait. */
function stopOnSignal(server: { close(): Promise<void> }): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    await server.close()
    process.exit(0)
  }
  // A terminal that is closed sends SIGHUP.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop)
}

async function overview(
  { url, httpUrl, tlsAuthority }: Listening,
  adminToken: string | undefined,
  { tlsCa }: Config,
): Promise<string> {
  const [{ apis }, { packageVersion }] = await Promise.all([import('./apis/index.ts'), import('./package.ts')])
  const token = adminToken === undefined ? [] : [`Admin token, generated for this run: ${adminToken}\n`]
  const parts = apis.map(({ title, mounts, tryIt }) => {
    const basePaths = mounts.map(({ basePath }) => basePath)
    return `${title}: ${basePaths.join(', ')}\n  ${tryIt(url)}\n`
  })
  const plain = httpUrl === undefined ? [] : [`Plain HTTP: ${httpUrl}\n`]
  const trust = tlsAuthority === undefined ? [] : [`${trustText(tlsCa)}\n`]
  const pages = `Console:       ${url}/\nGuided demo:   ${url}/?demo\nAPI reference: ${url}/docs\n`
  const demo = 'Requests to try. Their credentials are part of the demo data and work as they are.\n'
  const running = `Firedrill ${packageVersion()} is running at ${url}\n`
  return [running, ...plain, ...trust, ...token, pages, demo, ...parts].join('\n')
}

function trustText(tlsCa: string | undefined): string {
  if (tlsCa === undefined)
    return 'Clients must trust its certificates: write their authority to a file with --tls-ca FILE, or use curl -k.'
  return `Clients must trust ${tlsCa}: curl --cacert ${tlsCa}, or NODE_EXTRA_CA_CERTS=${tlsCa}.`
}

function print(text: string): void {
  write(`${text}\n`)
}

function write(text: string): void {
  process.stdout.write(text)
}
