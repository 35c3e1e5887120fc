// Tokens and ids of one sandbox differ from those of all others; its snapshots and state documents keep them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { ADMIN, encode, FORM, GENERATE } from '../apis/arcgis/client.ts'
import { boot, call, createSandbox } from '../helpers.ts'

const CREDENTIALS = { username: 'siteadmin', password: 'siteadmin.pass1', expiration: 20_160, f: 'json' }

async function newToken(server: Firedrill, sandbox: string): Promise<string> {
  const path = `/@${sandbox}${GENERATE}`
  return (await call(server, { method: 'POST', path, headers: FORM, body: encode(CREDENTIALS) })).json.token
}

/** The code of the error in the body; 200 without an error. */
async function statusWith(server: Firedrill, sandbox: string, token: string): Promise<number> {
  const { json } = await call(server, { path: `/@${sandbox}${ADMIN}/jobs?${encode({ f: 'json', token })}` })
  return json.error?.code ?? 200
}

t.test('a token is valid in the sandbox that issued it, and in no other', async t => {
  const server = await boot(t)
  const sandboxes = ['default', 'one', 'two']
  const tokens = await Promise.all(sandboxes.map(name => newToken(server, name)))
  t.equal(new Set(tokens).size, 3, 'each is the first token of its sandbox, and they differ')
  for (const [index, name] of sandboxes.entries()) {
    const statuses = await Promise.all(tokens.map(token => statusWith(server, name, token)))
    t.same(
      statuses,
      tokens.map((_, issuer) => (issuer === index ? 200 : 498)),
      name,
    )
  }
})

t.test('the same seed and the same name give the same tokens on another server', async t => {
  const [one, same, other] = [await boot(t), await boot(t), await boot(t, { seed: 'other' })]
  const token = await newToken(one, 'x')
  t.equal(await newToken(same, 'x'), token)
  t.not(await newToken(other, 'x'), token)
})

t.test(
  'ids of requests and faults depend on the sandbox; the random draws of a fault depend only on the seed',
  async t => {
    const server = await boot(t)
    const outcomes: number[][] = []
    const ids = new Set<string>()
    for (const name of ['one', 'two']) {
      const sandbox = server.sandbox(name)
      ids.add(sandbox.faults.arm({ operation: 'listJobs', fault: 'status', status: 418, probability: 0.5 }).id)
      const statuses: number[] = []
      for (let count = 0; count < 20; count += 1) {
        statuses.push((await call(server, { path: `/@${name}${ADMIN}/jobs?f=json`, contract: false })).status)
      }
      outcomes.push(statuses)
      ids.add(sandbox.requests.list().requests[0]?.id ?? '')
    }
    t.equal(ids.size, 4)
    t.equal(new Set(outcomes[0]).size, 2, 'the fault fires for some requests and not for others')
    t.same(outcomes[0], outcomes[1])
  },
)

t.test('a snapshot keeps the tokens issued before it; later tokens depend on the sandbox', async t => {
  const server = await boot(t)
  const early = await newToken(server, 'one')
  server.sandbox('one').snapshots.take({ name: 'prepared' })
  const late = await newToken(server, 'one')
  createSandbox(server, { name: 'copy', from: { snapshot: 'prepared' } })
  t.equal(await statusWith(server, 'copy', early), 200, 'tokens in the snapshot are valid in its copy')
  const ofCopy = await newToken(server, 'copy')
  t.not(ofCopy, late, 'both are the second token, and they differ')
  t.equal(await statusWith(server, 'copy', late), 498)
  t.equal(await statusWith(server, 'one', ofCopy), 498)
  server.sandbox('one').snapshots.restore('prepared')
  t.equal(await newToken(server, 'one'), late, 'the sandbox issues the same token again')
  t.equal(await statusWith(server, 'one', early), 200)
})

t.test('an imported state document contains its tokens, and no others', async t => {
  const server = await boot(t)
  const early = await newToken(server, 'one')
  server.sandbox('two').state.import(server.sandbox('one').state.export())
  t.equal(await statusWith(server, 'two', early), 200)
  t.not(await newToken(server, 'two'), await newToken(server, 'one'))
})

t.test('with a data directory the salt is kept when the server restarts with another seed', async t => {
  const data = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  const first = await boot(t, { data })
  const token = await newToken(first, 'one')
  await first.close()
  const second = await boot(t, { data, seed: 'other' })
  t.equal(await statusWith(second, 'one', token), 200)
  const next = await newToken(second, 'one')
  const fresh = await boot(t, { seed: 'other' })
  await newToken(fresh, 'one')
  t.not(next, await newToken(fresh, 'one'), 'the salt depends on the seed with which the sandbox was created')
  t.not(next, await newToken(second, 'two'))
  t.equal(await statusWith(second, 'two', next), 498)
})
