// The README is correct: its commands run as written, and its tables are complete.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { helpText } from '../src/config.ts'
import { faultKinds } from '../src/http/faults/kinds/index.ts'
import { boot } from './helpers.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DEFAULT_URL = 'http://127.0.0.1:8420'
const PAUSE = 'FIREDRILL_TEST_DONE'

/** Blocks of commands, each with the heading or sentence above it. */
const blocks = [...readme.matchAll(/([^\n]*)\n\n```sh\n([\s\S]*?)```/g)].map(([, title = '', script = '']) => ({
  title,
  script,
}))

/** `curl` fails where an answer is a failure, and `firedrill` is the command line of the sources. */
const PRELUDE = `
set -euo pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }
firedrill() { '${process.execPath}' '${cli}' "$@"; }
export -f curl firedrill
`

async function run(t: Test, script: string, url: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-readme-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const own = script.replaceAll(DEFAULT_URL, url)
  const env = { ...process.env, FIREDRILL_URL: url }
  const { stdout } = await promisify(execFile)('bash', ['-c', `${PRELUDE}${own}\necho ${PAUSE}`], {
    cwd: directory,
    env,
  })
  return stdout
}

t.test('every block of commands runs as written', async t => {
  t.ok(blocks.length >= 4, 'there are some')
  for (const { title, script } of blocks) {
    // The README is for someone who has just started the server: a real clock, the demo data, nothing done yet.
    const server = await boot(t, { clock: undefined })
    try {
      const output = await run(t, script, server.url)
      t.ok(output.endsWith(`${PAUSE}\n`), title)
      // ArcGIS answers failures with status 200, which curl takes for success.
      t.notMatch(output, /"error"\s*:\s*\{\s*"code"/, `${title}: no answer is an error`)
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string }
      t.fail(title, { script, stdout: stdout?.slice(-600), stderr: stderr?.slice(-600) })
    }
  }
})

t.test('its commands use only options of curl 7.74, the version in Debian 11', t => {
  // Before an option is added here, look up since when curl has it.
  const known = ['cacert', 'connect-to', 'data', 'head', 'header', 'request', 'silent', 'url']
  const lines = blocks.flatMap(({ script }) => script.replaceAll('\\\n', ' ').split('\n'))
  const commands = lines
    .map(line => /\bcurl .*/.exec(line.replace(/'[^']*'/g, ''))?.[0])
    .filter(line => line !== undefined)
  t.ok(commands.length > 20)
  for (const command of commands) {
    const options = [...command.matchAll(/(?<=\s--)[a-z][a-z0-9-]*/g)].map(([option]) => option)
    t.same(
      options.filter(option => !known.includes(option)),
      [],
      command,
    )
  }
  t.end()
})

t.test('it links only to files of the package', async t => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
  })
  const packed: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path)
  t.ok(packed.includes('README.md'))
  const targets = [...readme.matchAll(/\]\(([^)\s]+)/g), ...readme.matchAll(/(?:href|src)="([^"]+)"/g)].map(
    ([, to = '']) => to,
  )
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(
    ([, text = '']) => `#${text.toLowerCase().replaceAll(' ', '-')}`,
  )
  t.ok(targets.length > 1)
  for (const target of targets) t.ok(/^https?:/.test(target) || [...packed, ...headings].includes(target), target)
})

t.test('the table of faults is complete', t => {
  const namesIn = (heading: string) => {
    const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    const cells = section.split('\n').flatMap(line => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []))
    return cells.flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)).sort()
  }
  t.same(namesIn('Faults'), faultKinds.map(({ name }) => name).sort())
  t.end()
})

t.test('docs/architecture.md names only files that exist', t => {
  const architecture = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  const roots = ['src', 'schemas', 'test', 'docs', 'fixtures']
  const files = roots.flatMap(root =>
    readdirSync(join(ROOT, root), { recursive: true }).map(file => `/${root}/${file}`),
  )
  const named = [...architecture.matchAll(/`([\w./-]+\.ts|[\w-]+\/[\w./-]*)`/g)].map(([, name = '']) =>
    name.replace(/\/$/, ''),
  )
  t.ok(named.length > 20)
  for (const name of new Set(named))
    t.ok(files.some(file => `${file}/`.endsWith(`/${name}/`)) || existsSync(join(ROOT, name)), name)
  t.end()
})

t.test('the table of options is the one that --help prints', async t => {
  const flags = (text: string) => [...new Set([...text.matchAll(/--[a-z][a-z0-9-]+/g)].map(([flag]) => flag))]
  const section = readme.split('## Options')[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `--'))
  const listed = rows.flatMap(row => flags(row.split('|')[1] ?? ''))
  t.same(
    listed.sort(),
    flags(helpText())
      .filter(flag => !['--help', '--version', '--json', '--openapi'].includes(flag))
      .sort(),
  )
})
