// Runs the scripts of the GitHub Action as its runner does: node test/action.ts firedrill-1.0.0.tgz
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

const CHECKOUT = join(import.meta.dirname, '..')
const FILES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_PATH']

const [tarball] = process.argv.slice(2)
if (tarball === undefined) throw new Error('say which tarball: node test/action.ts firedrill-1.0.0.tgz')
const { inputs, outputs, runs } = parse(readFileSync(join(CHECKOUT, 'action.yml'), 'utf8')) as {
  inputs: Record<string, object>
  outputs: Record<string, object>
  runs: { main: string; post: string }
}
const folder = mkdtempSync(join(tmpdir(), 'firedrill action '))

try {
  const options = '--seed a seed of several words\n\n  --host 0.0.0.0\n--log\n'
  const started = runStep(runs.main, { package: resolve(tarball), options })
  assert.equal(started.status, 0, started.output)
  assert.deepEqual(Object.keys(started.written.GITHUB_OUTPUT ?? {}).sort(), Object.keys(outputs).sort())
  const { url = '' } = started.written.GITHUB_OUTPUT ?? {}
  const environment = started.written.GITHUB_ENV ?? {}
  assert.equal(environment.FIREDRILL_URL, url)
  const token = environment.FIREDRILL_ADMIN_TOKEN ?? ''
  assert.match(started.output, new RegExp(`^::add-mask::${token}$`, 'm'), 'the generated token is hidden')

  const address = url.replace('0.0.0.0', '127.0.0.1')
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await fetch(`${address}/__admin/sandboxes`, { headers })).status, 200)
  const ofApi = environment.FIREDRILL_A9S_URL?.replace('0.0.0.0', '127.0.0.1')
  const authorization = `Bearer ${environment.FIREDRILL_A9S_TOKEN}`
  const path = `instances/${environment.FIREDRILL_A9S_INSTANCE_ID}/restores`
  assert.equal((await fetch(`${ofApi}/${path}`, { headers: { authorization } })).status, 200)
  for (const journal of ['requests.har', 'sandboxes/default/requests.har']) {
    const har = await fetch(`${address}/__admin/${journal}`, { headers })
    assert.match(await har.text(), /\/restores"/, journal)
  }

  const stopped = runStep(runs.post, {}, started.written.GITHUB_STATE)
  assert.equal(stopped.status, 0, stopped.output)
  assert.match(
    stopped.output,
    /^::group::.*\n::stop-commands::(.+)\n(?:.*\n)*.*\/restores.*\n(?:.*\n)*::\1::\n/,
    'the log of the server',
  )
  await assert.rejects(fetch(`${address}/__admin/readyz`), 'the server has ended')
  assert.match(runStep(runs.post, {}, started.written.GITHUB_STATE).output, /^::warning .*ended before the job/)
  assert.deepEqual(runStep(runs.post, {}), { status: 0, output: '', written: {} }, 'when nothing was started')

  const refused = runStep(runs.main, { package: resolve(tarball), options: '--clok frozen' })
  assert.equal(refused.status, 1)
  assert.match(refused.output, /^::error .*ended with 2: firedrill: .*--clok/m)
  const missing = runStep(runs.main, { package: 'missing.tgz' })
  assert.equal(missing.status, 1)
  assert.match(missing.output, /^::error .*There is no file "missing\.tgz"/m)
} finally {
  rmSync(folder, { recursive: true })
}

/** Runs one script with new files to write to. `state` is what the main script has stored for the post script. */
function runStep(script: string, given: Record<string, string>, state: Record<string, string> = {}) {
  for (const name of Object.keys(given)) assert.ok(name in inputs, `${name} is an input`)
  const files = Object.fromEntries(FILES.map(name => [name, join(folder, name)]))
  for (const path of Object.values(files)) writeFileSync(path, '')
  const prefixed = (prefix: string, values: Record<string, string>, nameOf = (name: string) => name) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + nameOf(name), value]))
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(CHECKOUT, script)], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      RUNNER_TEMP: folder,
      ...files,
      ...prefixed('INPUT_', given, name => name.toUpperCase()),
      ...prefixed('STATE_', state),
    },
  })
  return { status, output: stdout + stderr, written: writtenIn(files) }
}

/** What a script has written as `NAME=value`. */
function writtenIn(files: Record<string, string>): Record<string, Record<string, string>> {
  const read = ([name, path]: [string, string]) => {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line !== '')
    return [
      name,
      Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
    ]
  }
  const entries = Object.entries(files).map(read) as [string, Record<string, string>][]
  return Object.fromEntries(entries.filter(([, values]) => Object.keys(values).length > 0))
}
