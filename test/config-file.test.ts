// The configuration file: where it is found, what wins, which mistakes are refused, and that its JSON Schema says the same.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t, { type Test } from 'tap'
import { configFromCommandLine } from '../src/config.ts'
import { OptionError, start } from '../src/index.ts'
import { type Launch, refused, run, serve } from './program.ts'
import { caught } from './sandbox/bakery.ts'

const schema = JSON.parse(readFileSync(new URL('../config.schema.json', import.meta.url), 'utf8'))
const isValid = addFormats.default(new Ajv2020({ allowUnionTypes: true })).compile(schema)

/** A folder with this configuration file. */
function folderWith(t: Test, values: object | string, name = 'firedrill.config.json'): string {
  return t.testdir({ [name]: typeof values === 'string' ? values : JSON.stringify(values) })
}

/** The configuration from a file with these values. */
function configured(t: Test, values: object | string) {
  return configFromCommandLine(['--config', join(folderWith(t, values), 'firedrill.config.json')], {}).config
}

t.test('the server and exec read it from the current folder, or the named file', async t => {
  const cwd = folderWith(t, { $schema: './schema.json', port: 0, clock: 'frozen:2031-01-01T00:00:00Z' })
  const other = join(cwd, 'other.json')
  writeFileSync(other, '\uFEFF{ "clock": "frozen:2032-01-01T00:00:00Z" }')
  const clockOf = async (launched: Launch) => {
    const { url, child } = await serve(t, launched)
    const { now } = (await (await fetch(`${url}/__admin/clock`)).json()) as { now: string }
    child.kill()
    return now.slice(0, 4)
  }
  t.equal(await clockOf({ cwd }), '2031')
  t.equal(await clockOf({ cwd, args: ['--config', 'other.json'] }), '2032')
  t.equal(await clockOf({ cwd, env: { FIREDRILL_CONFIG: other } }), '2032')
  const script = 'fetch(process.env.FIREDRILL_URL + "/__admin/clock").then(a => a.json()).then(c => console.log(c.now))'
  const { stdout } = await run(t, { cwd, args: ['exec', '--', process.execPath, '--eval', script] })
  t.match(stdout, /^2031/)
})

t.test('the command line wins over the environment, and that over the file, and that over the defaults', async t => {
  const path = join(folderWith(t, { seed: 'file', maxSandboxes: 7, journalEntries: 5 }), 'firedrill.config.json')
  const { config } = configFromCommandLine(['--config', path, '--seed', 'line'], {
    FIREDRILL_SEED: 'variable',
    FIREDRILL_MAX_SANDBOXES: '8',
    FIREDRILL_CONFIG: 'no-such-file',
  })
  t.match(config, { seed: 'line', maxSandboxes: 8, journalEntries: 5, port: 8420 })
})

t.test('values have the types of JSON, and relative paths count from the folder of the file', async t => {
  const values = { tls: true, jobSpeed: 2.5, cors: ['http://a.example', 'http://b.example'], shutdownTimeout: 0 }
  t.ok(isValid(values))
  t.match(configured(t, values), { tls: true, jobSpeed: 2.5, cors: values.cors, shutdownTimeout: 0 })
  const folder = folderWith(t, { data: 'state', fixtures: '/elsewhere/data.json' })
  const { config } = configFromCommandLine(['--config', join(folder, 'firedrill.config.json')], {})
  t.match(config, { data: join(folder, 'state'), fixtures: '/elsewhere/data.json' })
})

t.test('mistakes are refused in one line that names file and option', async t => {
  for (const { values, message } of [
    { values: { prot: 1 }, message: ': unknown option "prot", the nearest is port' },
    { values: { 'admin-token': 'x' }, message: ': unknown option "admin-token", the nearest is adminToken' },
    { values: { zzzzzzzz: 1 }, message: ': unknown option "zzzzzzzz"' },
    { values: { port: '8420' }, message: ': port must be a whole number, not "8420"' },
    { values: { port: 8420.5 }, message: ': port must be a whole number, not 8420.5' },
    { values: { port: 99_999 }, message: ': port must be a whole number from 0 to 65535, not "99999"' },
    { values: { tls: 'yes' }, message: ': tls must be true or false, not "yes"' },
    { values: { host: null }, message: ': host must be a text, not null' },
    { values: { data: '' }, message: ': data must be a text that is not empty, not ""' },
    { values: { cors: [1] }, message: ': cors must be a text or a list of texts, not [1]' },
    { values: { clock: 'fast' }, message: ': clock must be real, frozen, ' },
    { values: { a9sPrepareStatus: 201 }, message: ': a9sPrepareStatus must be 200 or 202, not "201"' },
    { values: { toString: 1 }, message: ': unknown option "toString"' },
    { values: '[]', message: ' must be a JSON object whose fields are options' },
    { values: '{ "port": 1, }', message: ' is not valid JSON: ' },
  ]) {
    const error = caught(() => configured(t, values))
    t.type(error, OptionError)
    const name = typeof values === 'string' ? values : JSON.stringify(values)
    t.match(error, { message: `firedrill.config.json${message}` }, name)
    t.notMatch(error, { message: /\n/ }, name)
    if (typeof values !== 'string') t.notOk(isValid(values), `the schema refuses ${name}`)
  }
  const cwd = folderWith(t, { prot: 1 })
  const mistake = 'firedrill: firedrill.config.json: unknown option "prot", the nearest is port'
  refused(t, await run(t, { cwd }), mistake, 'the server')
  refused(t, await run(t, { cwd, args: ['exec', '--', 'true'] }), mistake, 'exec')
  const missing = { cwd, args: ['--config', 'no.json'] }
  refused(t, await run(t, missing), 'firedrill: --config no.json cannot be read: ENOENT', 'no such file')
  mkdirSync(join(cwd, 'folder'))
  const isFolder = { cwd, env: { FIREDRILL_CONFIG: 'folder' } }
  refused(t, await run(t, isFolder), 'firedrill: FIREDRILL_CONFIG folder cannot be read: EISDIR', 'a folder')
})

t.test('a problem that is found later names the file, too', async t => {
  const { url, close } = await start()
  t.teardown(close)
  const { port } = new URL(url)
  const message = `firedrill: firedrill.config.json: port ${port} on 127.0.0.1 is in use by another program`
  refused(t, await run(t, { cwd: folderWith(t, { port: Number(port) }) }), message, 'the port is in use')
})

t.test('the schema has every option, and accepts its default', async t => {
  const { config } = configFromCommandLine([], {})
  const { label: _, ...options } = config
  t.same(Object.keys(schema.properties).sort(), ['$schema', ...Object.keys(options)].sort())
  const properties: [string, { default?: unknown }][] = Object.entries(schema.properties)
  const defaults = Object.fromEntries(
    properties.flatMap(([name, property]) => (property.default === undefined ? [] : [[name, property.default]])),
  )
  t.ok(isValid(defaults), JSON.stringify(isValid.errors))
  const { label: __, ...fromFile } = configured(t, defaults)
  t.same(fromFile, options, 'and the file is read as the defaults are')
})
