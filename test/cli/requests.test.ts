// The command about the journal.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { CommandError } from '../../src/cli/index.ts'
import { OptionError } from '../../src/index.ts'
import { fails, NOW, SOURCE, serverWithCommands } from './server.ts'

t.test('requests: all, unmatched ones, and one in other formats', async t => {
  const { firedrill, say, raw } = await serverWithCommands(t)
  t.equal(await say('requests'), 'No requests')
  await (
    await fetch(`${firedrill.url}/v1/instances/${SOURCE}/restores`, { headers: { authorization: 'Bearer demo-token' } })
  ).text()
  await (await fetch(`${firedrill.url}/nothing?a=1`)).text()
  const [first, second, ...more] = (await say('requests')).split('\n')
  t.match(first, new RegExp(`^${NOW}  200  GET  /v1/instances/${SOURCE}/restores  listRestores  [0-9a-f-]{36}$`))
  t.match(second, new RegExp(`^${NOW}  404  GET  /nothing\\?a=1 +unmatched `))
  t.same(more, [])
  t.match(await say('requests --limit 1'), /^\S+ {2}404 [^\n]+$/)
  const unmatched = await say('requests --unmatched')
  t.match(unmatched, /^\S+ {2}404 [^\n]+$/)
  const id = unmatched.split('  ').at(-1)
  t.match(await say(`requests --curl ${id}`), new RegExp(`^curl [\\s\\S]*${firedrill.url}/nothing\\?a=1`))
  t.match(await say(`requests --explain ${id}`), /^GET \/nothing\?a=1\n[\s\S]*nearest:\n/)
  t.match(JSON.parse(await say('requests --har')), { log: { version: '1.2' } })
  t.match(JSON.parse(await raw('requests')), { meta: { total: 2 } })
  t.equal(await say('requests --clear'), 'Journal emptied')
  t.equal(await say('requests'), 'No requests')
  await fails(t, say(`requests --curl ${id}`), CommandError, 'it is gone')
  await fails(t, say('requests --har --unmatched'), OptionError)
  await fails(t, say('requests --har --limit 1'), OptionError)
})

/** Runs a command that watches requests, on a server that is closed after the first printed line. */
async function watchOneRequest(t: Test, line: string): Promise<{ first: string; output: string }> {
  const { firedrill, say, printed } = await serverWithCommands(t)
  const output = say(line)
  // Requests that come before the command is connected are not printed.
  while (printed.length === 0) await (await fetch(`${firedrill.url}/nothing?a=1`)).text()
  await firedrill.close()
  return { first: printed[0] as string, output: await output }
}

t.test('requests --watch prints each request when it is answered, until the server ends', async t => {
  const { first, output } = await watchOneRequest(t, 'requests --watch')
  t.match(first, new RegExp(`^${NOW}  404  GET  /nothing\\?a=1  unmatched  [0-9a-f-]{36}$`))
  t.equal(output, '')
})

t.test('requests --watch --json, and call watchRequests, print a line of JSON for each request', async t => {
  for (const line of ['requests --watch --json', 'call watchRequests']) {
    const { first, output } = await watchOneRequest(t, line)
    t.match(JSON.parse(first), { request: { url: '/nothing?a=1' }, response: { status: 404 } }, line)
    t.equal(output, '', line)
  }
})

t.test('requests --watch: a refusal, a lost connection and a missing server are errors', async t => {
  const { firedrill, say } = await serverWithCommands(t, { maxListeners: 1 })
  firedrill.default.requests.watch({ event() {} })
  await t.rejects(say('requests --watch'), { name: 'Error', message: /--max-listeners/, exitCode: 1 })
  const broken = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1000\n\n', () => response.destroy())
  })
  await once(broken.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => broken.close())
  const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
  await t.rejects(say(`requests --watch --url ${url}`), { message: `The connection to ${url}/__admin was lost` })
  await firedrill.close()
  await t.rejects(say('requests --watch'), { message: /^No server at http:\S+ \(connect ECONNREFUSED / })
})
