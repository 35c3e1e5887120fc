// The commands in README and in the documentation run as written, each block with a server of its own.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { boot } from '../helpers.ts'
import { blocksIn, pages, pageText, ROOT } from './pages.ts'

const DEFAULT_URL = 'http://127.0.0.1:8420'
const PAUSE = 'FIREDRILL_TEST_DONE'

/** Pages whose commands need something that these tests do not have, and what runs them instead. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/tutorial.md': 'test/docs/tutorial.test.ts',
}

const documented = pages.filter(page => /^(README|docs\/.*)\.md$/.test(page) && RUN_ELSEWHERE[page] === undefined)
const blocks = documented.flatMap(page => blocksIn(pageText(page)).map(block => ({ page, ...block })))

/** `curl` fails where an answer is a failure, and `firedrill` is the command line of the sources. */
const PRELUDE = `
set -euo pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }
firedrill() { '${process.execPath}' '${join(ROOT, 'src/cli.ts')}' "$@"; }
export -f curl firedrill
`

async function run(t: Test, script: string, url: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-docs-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const own = script.replaceAll(DEFAULT_URL, url)
  const { stdout } = await promisify(execFile)('bash', ['-c', `${PRELUDE}${own}\necho ${PAUSE}`], {
    cwd: directory,
    env: { ...process.env, FIREDRILL_URL: url },
  })
  return stdout
}

t.test('every block of commands runs as written', async t => {
  t.ok(blocks.filter(({ page }) => page === 'README.md').length >= 4, 'one for each API')
  for (const { page, title, script } of blocks) {
    const name = `${page}: ${title}`
    // The pages are for someone who has just started the server: a real clock, the demo data, nothing done yet.
    const server = await boot(t, { clock: undefined })
    try {
      const output = await run(t, script, server.url)
      t.ok(output.endsWith(`${PAUSE}\n`), name)
      // ArcGIS answers failures with status 200, which curl takes for success.
      t.notMatch(output, /"error"\s*:\s*\{\s*"code"/, `${name}: no answer is an error`)
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string }
      t.fail(name, { script, stdout: stdout?.slice(-600), stderr: stderr?.slice(-600) })
    }
  }
})

t.test('the commands use only options of curl 7.74, the version in Debian 11', async t => {
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
})
