// The data directory: one server at a time, its user's alone, and files that cannot be used are named with the reason.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { StoreError, start } from '../src/index.ts'
import { makeSandboxFolder, sandboxFile } from './data-files.ts'
import { boot, call, createSandbox } from './helpers.ts'
import { launch, run, serve } from './program.ts'
import { caught } from './sandbox/bakery.ts'

const RESTORES = '/v1/instances/10000000-0000-4000-8000-000000000002/restores'
const a9s = { authorization: 'bearer demo-token' }
const restores = async (server: { url: string }, prefix = '') => call(server, { path: prefix + RESTORES, headers: a9s })

const control = (server: { url: string }, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })

function refused(t: Test, { code, stdout, stderr }: Awaited<ReturnType<typeof run>>, line: RegExp): void {
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, line)
  t.equal(stderr.split('\n').length, 2, 'one line')
}

t.test('a second server on the same directory is refused, also after a reset', async t => {
  const data = t.testdir({})
  const first = await serve(t, { args: ['--data', data] })
  const refusal = { message: /^data .*: .*firedrill\.db: another server uses this data directory$/ }
  await t.rejects(start({ data }), refusal)
  t.match(await restores(first), { status: 200 }, 'the first one does not mind')
  t.equal((await control(first, 'POST', '/reset')).status, 204)
  await t.rejects(start({ data }), refusal)
  first.child.kill('SIGKILL')
  await first.ended
  await boot(t, { data })
  await t.rejects(start({ data }), refusal, 'in one process neither')
})

t.test('of servers that start at once on an empty directory one serves', async t => {
  const args = ['--port', '0', '--json', '--data', join(t.testdir({}), 'new')]
  const programs = Array.from({ length: 4 }, () => launch(t, { args }))
  const outcomes = await Promise.all(programs.map(({ firstLine }) => firstLine.then(JSON.parse, () => undefined)))
  const [server, ...more] = outcomes.filter(outcome => outcome !== undefined)
  t.same(more, [], 'no second one')
  t.match(await restores(server), { status: 200 })
  const losers = programs.filter((_, index) => outcomes[index] === undefined)
  for (const { ended } of losers) refused(t, await ended, /another server uses this data directory\n$/)
})

t.test('a data directory is its user’s alone', async t => {
  const parent = t.testdir({ empty: {}, mixed: { 'notes.txt': 'not ours' } })
  const modeOf = (...path: string[]) => (statSync(join(parent, ...path)).mode & 0o777).toString(8)
  for (const name of ['new', 'empty', 'mixed']) {
    if (name !== 'new') chmodSync(join(parent, name), 0o755)
    const server = await boot(t, { data: join(parent, name) })
    server.default.snapshots.take({ name: 's' })
    const files = readdirSync(join(parent, name), { recursive: true, encoding: 'utf8' }).filter(file =>
      /sqlite|firedrill/.test(file),
    )
    for (const file of files) t.equal(modeOf(name, file), '600', `${name}/${file} while it is open`)
    await server.close()
  }
  t.same(
    ['new', 'empty', 'mixed'].map(name => modeOf(name)),
    ['700', '700', '755'],
    'save one with other things in it',
  )
  for (const file of ['sandboxes/37/default.sqlite', 'firedrill.db', 'snapshots/s.sqlite'])
    t.equal(modeOf('mixed', file), '600', file)
})

t.test('what cannot be used is refused', async t => {
  const data = t.testdir({ file: 'a file and no directory' })
  writeFileSync(makeSandboxFolder(join(data, 'text'), 'default'), 'this is no database, whatever its name says')
  writeFileSync(makeSandboxFolder(join(data, 'empty'), 'default'), '')
  mkdirSync(makeSandboxFolder(join(data, 'blocked'), 'default'))
  const cases: [string, RegExp][] = [
    ['text', /^firedrill: --data .*text: .*default\.sqlite: it is not a usable database \(file is not a database\)\n$/],
    ['empty', /^firedrill: --data .*empty: .*default\.sqlite: it was not created by Firedrill\n$/],
    ['file', /^firedrill: --data .*file: (EEXIST|ENOTDIR): /],
    ['blocked', /^firedrill: --data .*blocked: .*default\.sqlite: it is a directory\n$/],
  ]
  for (const [name, line] of cases)
    refused(t, await run(t, { args: ['--port', '0', '--data', join(data, name)] }), line)
  const named = await run(t, { env: { FIREDRILL_DATA: join(data, 'text') } })
  refused(t, named, /^firedrill: FIREDRILL_DATA /)
})

t.test('a file of a newer Firedrill is refused', async t => {
  const data = t.testdir({})
  await (await boot(t, { data })).close()
  const file = new Database(sandboxFile(data, 'default'))
  file.exec("UPDATE migration SET applied = 99 WHERE owner = 'a9s'")
  file.close()
  refused(
    t,
    await run(t, { args: ['--port', '0', '--data', data] }),
    /^firedrill: --data .*: .*: its "a9s" tables have format 99; this version supports up to \d+\n$/,
  )
})

function damage(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xff, Math.floor(bytes.length / 2)))
}

function makeNewer(path: string): void {
  const file = new Database(path)
  file.exec("UPDATE migration SET applied = 99 WHERE owner = 'a9s'")
  file.close()
}

const UNUSABLE: { name: string; damageFile: (path: string) => void; reason: RegExp }[] = [
  { name: 'damaged', damageFile: damage, reason: /it is (damaged|not a usable database) \(/ },
  {
    name: 'newer',
    damageFile: makeNewer,
    reason: /its "a9s" tables have format 99; this version supports up to \d+/,
  },
  { name: 'foreign', damageFile: path => writeFileSync(path, 'hello'), reason: /\(file is not a database\)/ },
  {
    name: 'folder',
    damageFile: path => {
      rmSync(path)
      mkdirSync(path)
    },
    reason: /it is a directory/,
  },
]

t.test(
  'a sandbox’s file that cannot be used: every API says which and why in its own shape, and so does the control API',
  async t => {
    const data = t.testdir({})
    const first = await boot(t, { data })
    for (const { name } of UNUSABLE) createSandbox(first, { name })
    await first.close()
    for (const { name, damageFile } of UNUSABLE) damageFile(sandboxFile(data, name))

    // A failure that is reported, with its stack, fails the test.
    const server = await boot(t, { data })
    for (const { name, reason } of UNUSABLE) {
      const text = new RegExp(`A data file cannot be used: .*${name}\\.sqlite: .*${reason.source}`)
      const at = `/@${name}`
      t.match(await restores(server, at), { status: 500, json: { error: 'InternalServerError', description: text } })
      const backups = { path: `${at}/v3/apps/64d0c750212742ca8704fb458c9771af/backups` }
      t.match(await call(server, backups), { status: 500, json: { status: 'error', message: text } })
      const jobs = await call(server, { path: `${at}/arcgis/admin/jobs/x?f=json` })
      t.match(jobs, { status: 200, json: { error: { code: 500, message: text } } })
      const files = await call(server, { path: `${at}/backend/api/v1/disasterRecoveryFiles/` })
      t.match(files, { status: 500, json: { error: { code: 500101, message: text } } })
      const unknown = await call(server, { path: `${at}/nowhere`, contract: false })
      t.match(unknown, { status: 500, json: { detail: text } })
      t.equal(
        (await call(server, { path: `${at}/v1/%zz`, contract: false })).status,
        404,
        'a URL that cannot be routed',
      )

      for (const [method, path, body] of [
        ['GET', 'state'],
        ['PUT', 'state', {}],
        ['POST', 'snapshots', { name: 's' }],
      ] as const) {
        const answer = await control(server, method, `/sandboxes/${name}/${path}`, body)
        t.match(answer, { status: 500, json: { title: 'Internal Server Error', detail: text } }, `${method} ${path}`)
      }
      const error = caught(() => server.sandbox(name).state.export())
      t.type(error, StoreError)
      t.match(error, { message: reason }, 'the embedded API')
    }
    t.equal((await restores(server)).status, 200, 'the others do not mind')
    for (const [method, path] of [
      ['DELETE', '/sandboxes/folder'],
      ['POST', '/sandboxes/folder/reset'],
    ] as const) {
      t.match(
        await control(server, method, path),
        { status: 500, json: { detail: /folder\.sqlite: .*EISDIR/ } },
        'not ours',
      )
    }
    const [damaged, ...more] = UNUSABLE.filter(({ name }) => name !== 'folder').map(({ name }) => name)
    t.equal((await control(server, 'POST', `/sandboxes/${damaged}/reset`)).status, 204)
    t.equal((await restores(server, `/@${damaged}`)).status, 200, 'a reset gets rid of it')
    for (const name of more) {
      t.equal((await control(server, 'DELETE', `/sandboxes/${name}`)).status, 204)
      t.equal((await restores(server, `/@${name}`)).status, 200, 'and so does dropping it')
    }
  },
)

t.test('a snapshot that cannot be used is refused before it replaces anything', async t => {
  const data = t.testdir({})
  const server = await boot(t, { data })
  const before = (await control(server, 'GET', '/state')).json
  for (const { name, damageFile, reason } of UNUSABLE) {
    t.equal((await control(server, 'POST', '/snapshots', { name })).status, 201)
    damageFile(join(data, 'snapshots', `${name}.sqlite`))
    const detail = new RegExp(`A data file cannot be used: .*snapshots/${name}\\.sqlite: .*${reason.source}`)
    const refused = { status: 500, json: { detail } }
    // A directory is not found to be one before it is read.
    const expected = name === 'folder' ? { status: 500, json: { detail: /EISDIR/ } } : refused
    t.match(await control(server, 'POST', `/snapshots/${name}/restore`), expected)
    t.match(await control(server, 'POST', '/sandboxes', { name: 'x', from: { snapshot: name } }), expected)
    t.same((await control(server, 'GET', '/state')).json, before, 'the state is as it was')
  }
  t.same((await control(server, 'GET', '/sandboxes')).json.length, 1)
  t.equal((await control(server, 'DELETE', '/snapshots/damaged')).status, 204, 'it can be dropped')
  await server.close()
  await boot(t, { data })
})

t.test('no file descriptors left: an answer that says so, without a stack trace, and the server goes on', async t => {
  const data = t.testdir({})
  const server = await serve(t, { args: ['--data', data], maxDescriptors: 64 })
  let refused: Awaited<ReturnType<typeof restores>> | undefined
  let count = 0
  for (; count < 64 && !refused; count += 1) {
    const answer = await restores(server, `/@s${count}`)
    if (answer.status !== 200) refused = answer
  }
  const last = count - 1
  const text = /s\d+\.sqlite: this process has no file descriptors left/
  t.match(refused, { status: 500, json: { error: 'InternalServerError', description: text } })
  t.match(await control(server, 'GET', `/sandboxes/s${last}/state`), { status: 500, json: { detail: text } })
  t.equal((await restores(server)).status, 200, 'what is open goes on')
  for (const name of ['s0', 's1', 's2']) t.equal((await control(server, 'DELETE', `/sandboxes/${name}`)).status, 204)
  t.equal((await restores(server, `/@s${last}`)).status, 200, 'and what was refused works when there are some again')
  server.child.kill('SIGKILL')
  t.equal((await server.ended).stderr, '')
})

t.test('more sandboxes than file descriptors: all are usable by turns', async t => {
  const data = t.testdir({})
  const first = await boot(t, { data, clock: 'frozen' })
  await first.close()
  const names = Array.from({ length: 60 }, (_, index) => `s${index}`)
  for (const name of names) copyFileSync(sandboxFile(data, 'default'), makeSandboxFolder(data, name))
  const args = ['--data', data, '--clock', 'frozen', '--max-open-files', '10', '--max-sandboxes', '30']
  const server = await serve(t, { args, maxDescriptors: 80 })
  const fault = { operation: 'listRestores', fault: 'status', status: 418, times: 2 }
  t.equal((await control(server, 'POST', '/sandboxes/s40/faults', fault)).status, 201)
  for (const round of [1, 2]) {
    const statuses = new Map<string, number>()
    for (const name of names) {
      const answer = await call(server, { path: `/@${name}${RESTORES}`, headers: a9s, contract: false })
      statuses.set(name, answer.status)
    }
    t.equal(statuses.get('s40'), 418, 'its fault is armed')
    statuses.delete('s40')
    t.same(new Set(statuses.values()), new Set([200]), `round ${round}`)
  }
  t.equal((await control(server, 'GET', '/sandboxes')).json.length, 61)
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 0, stderr: '' })
})
