// The README is true: its commands run as they stand, and its tables say what there is.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { helpText } from '../src/config.ts'
import { boot } from './helpers.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const DEFAULT_URL = 'http://127.0.0.1:8420'
const PAUSE = 'FIREDRILL_TEST_DONE'

/** Blocks of commands, each with the heading or sentence that it stands under. */
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

t.test('every block of commands runs as it stands', async t => {
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

t.test('the table of options is the one that --help prints', async t => {
  const flags = (text: string) => [...new Set([...text.matchAll(/--[a-z][a-z0-9-]+/g)].map(([flag]) => flag))]
  const section = readme.split('## Options')[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `--'))
  const told = rows.flatMap(row => flags(row.split('|')[1] ?? ''))
  t.same(
    told.sort(),
    flags(helpText())
      .filter(flag => !['--help', '--version', '--json', '--openapi'].includes(flag))
      .sort(),
  )
})
