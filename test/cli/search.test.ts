// `firedrill search` with a client that is a program: what it prints and saves, and that `certify` repeats what was found.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { OptionError } from '../../src/index.ts'
import { contextOf } from './server.ts'

/** Lists the backups once. `check` is a condition on `response` under which it claims success. */
const client = (check: string) => [
  // What tap loads into processes would make each of them slower.
  ...['env', '-u', 'NODE_OPTIONS', process.execPath],
  '--input-type=module',
  '--eval',
  `const { url, inputs, credentials } = JSON.parse(process.env.FIREDRILL_TASK)
   const response = await fetch(url + '/v3/apps/' + inputs.appId + '/backups', { headers: { authorization: credentials.apiKey } })
   process.exit(${check} ? 0 : 1)`,
]
const TRUSTS_STATUS = client('response.status === 200')
const CHECKS_BODY = client('response.ok && Array.isArray((await response.json()).response)')
const FAILS = client('false')

const FAST = ['--seed', 'a', '--task', 'retry-after']

function fileFor(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-search-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return join(folder, 'found.json')
}

async function run(t: Test, args: readonly string[], command: readonly string[]) {
  const { text, exitCode } = await runCommand([...args, '--', ...command], contextOf(t, { printed: [] }))
  return { text, exitCode }
}

t.test('what breaks a client is printed and saved, and certify repeats it', async t => {
  const file = fileFor(t)
  const { text, exitCode } = await run(t, ['search', ...FAST, '--save', file], TRUSTS_STATUS)
  t.equal(exitCode, 1)
  t.match(
    text,
    /^Found after \d+ runs of the client\. It breaks when this happens:\n {2}Request 1 of listApplicationBackups is /,
  )
  t.match(
    text,
    /\nThen:\n {2}Expected the last call of listApplicationBackups to be answered ok, if the client claims success; /,
  )
  t.ok(text.includes(`Saved as ${file}. Repeat it with\n  firedrill certify --drills ${file} --seed a -- `))
  t.match(JSON.parse(readFileSync(file, 'utf8')), { id: 'retry-after', faults: [{ sequence: Array }] })
  t.match(await run(t, ['certify', '--drills', file, '--seed', 'a'], TRUSTS_STATUS), { exitCode: 1 })
})

t.test('a client that says the truth holds, one that fails without faults cannot be searched', async t => {
  const held = await run(t, ['search', ...FAST, '--runs', '8'], CHECKS_BODY)
  t.match(held, { exitCode: 0, text: /^Nothing was found in \d runs of the client$/ })
  const unusable = await run(t, ['search', ...FAST], FAILS)
  t.equal(unusable.exitCode, 3)
  t.match(
    unusable.text,
    /^The client fails without any fault, .*\n {2}Expected the client to report success; it reported failure\.$/,
  )
  const stopped = await run(t, ['search', ...FAST, '--time-limit', '1ms'], CHECKS_BODY)
  t.equal(stopped.exitCode, 3)
  t.match(stopped.text, /it was stopped after 1ms/)
})

for (const { args, command, message } of [
  { args: ['--task', 'nope'], command: FAILS, message: /there is no drill "nope"/i },
  { args: [], command: FAILS, message: /search expects a drill and the client after --/ },
  { args: ['--task', 'retry-after'], command: [], message: /search expects a drill and the client after --/ },
  { args: [...FAST, '--runs', '0'], command: FAILS, message: /--runs must be a whole number from 1 to 200/ },
  { args: [...FAST, '--max-calls', 'x'], command: FAILS, message: /--max-calls must be a whole number/ },
  { args: [...FAST, '--time-limit', 'soon'], command: FAILS, message: /soon/ },
  { args: FAST, command: ['/nope'], message: /There is no command "\/nope"/ },
]) {
  t.test(`refused: ${args.join(' ')} -- ${command[0] ?? ''}`, async t => {
    const refused = await run(t, ['search', ...args], command).catch(error => error)
    t.ok(refused instanceof OptionError)
    t.match(refused.message, message)
  })
}
