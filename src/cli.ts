#!/usr/bin/env node
// The command line: arguments to a running server. The only file that prints or exits.
import module from 'node:module'

const LEAST_NODE = [22, 18] as const

// Nothing else is imported before this: an older Node would crash on the native module instead of saying why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  process.stderr.write(`firedrill: needs Node.js ${LEAST_NODE.join('.')} or newer, this is ${process.versions.node}\n`)
  process.exit(1)
}
module.enableCompileCache?.()
await main(process.argv.slice(2))

async function main(argv: string[]): Promise<unknown> {
  const { configFromCommandLine, helpText, OptionError } = await import('./config.ts')
  try {
    const { config, switches } = configFromCommandLine(argv)
    if (switches.help) return print(helpText())
    if (switches.version) return print((await import('./package.ts')).packageVersion())
    if (switches.openapi) return process.stdout.write(await (await import('./openapi.ts')).openapiYaml())
    const { startConfigured } = await import('./index.ts')
    const server = await startConfigured(config, (error, { method, url }) => {
      process.stderr.write(
        `firedrill: ${method} ${url} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
      )
    })
    stopOnSignal(server)
    print(
      switches.json ? JSON.stringify({ ready: true, url: server.url, pid: process.pid }) : await overview(server.url),
    )
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    process.stderr.write(`firedrill: ${error.message}\n`)
    process.exit(2)
  }
}

/** The first signal lets running requests finish; a second one does not wait. */
function stopOnSignal(server: { close(): Promise<void> }): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    await server.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

async function overview(url: string): Promise<string> {
  const [{ apis }, { packageVersion }] = await Promise.all([import('./apis/index.ts'), import('./package.ts')])
  const parts = apis.map(({ title, basePaths, tryIt }) => `${title}: ${basePaths.join(', ')}\n  ${tryIt(url)}\n`)
  return [`Firedrill ${packageVersion()} serves at ${url}\n`, ...parts].join('\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
