// The option --fixtures: documents that cannot be used, and one that replaces demo data.
import { join } from 'node:path'
import t from 'tap'
import { OptionError } from '../../src/cli/flags.ts'
import { configFromCommandLine } from '../../src/config.ts'
import { openRegistry } from '../../src/fixtures.ts'
import { refused, run, serve } from '../program.ts'
import { caught } from '../sandbox/bakery.ts'

t.test('a fixtures document that cannot be used', async t => {
  const row = { id: 'i', backupGuid: 'g' }
  const files: Record<string, { content: unknown; message: string }> = {
    'text.json': { content: 'no JSON\nat all', message: 'is not valid JSON' },
    'cut.json': { content: '{"a9s":\n', message: 'Unexpected end of JSON input' },
    'array.json': { content: [], message: 'JSON object' },
    'null.json': { content: null, message: 'JSON object' },
    'api.json': { content: { a8s: {} }, message: 'unknown field "a8s"; known fields are format, clock, ' },
    'proto.json': { content: { toString: {} }, message: 'unknown field "toString"' },
    'section.json': { content: { a9s: [] }, message: 'a9s must be an object whose fields are tables' },
    'table.json': { content: { a9s: { instance: [] } }, message: 'a9s: unknown field "instance"; known fields are ' },
    'rows.json': { content: { a9s: { instances: {} } }, message: 'a9s: instances: Expected array' },
    'field.json': {
      content: { a9s: { instances: [{ ...row, color: 1 }] } },
      message: 'a9s: instances/0/color: Unexpected property',
    },
    'type.json': {
      content: { a9s: { instances: [{ ...row, deleted: 'yes' }] } },
      message: 'a9s: instances/0/deleted: Expected boolean',
    },
    'missing.json': { content: { a9s: { instances: [row, { id: 'j' }] } }, message: 'a9s: instances/1/backupGuid: ' },
    'twice.json': { content: { a9s: { instances: [row, row] } }, message: 'a9s: UNIQUE constraint failed' },
  }
  const texts = Object.entries(files).map(([name, { content }]) => [
    name,
    typeof content === 'string' ? content : JSON.stringify(content),
  ])
  const directory = t.testdir(Object.fromEntries(texts))
  const cases = [
    { name: 'nowhere.json', message: 'ENOENT: no such file or directory' },
    ...Object.entries(files).map(([name, { message }]) => ({ name, message })),
  ]
  const open = (...args: string[]) => caught(() => openRegistry(configFromCommandLine(args, {}).config).close())
  for (const { name, message } of cases) {
    const error = open('--fixtures', join(directory, name))
    t.type(error, OptionError)
    t.match(error, { message }, name)
    t.match(error, { message: `--fixtures ${join(directory, name)}: ` })
    t.notMatch(error, { message: /\n/ })
  }
  const both = open('--fixtures', join(directory, 'api.json'), '--scenario', 'empty')
  t.match(both, { message: '--fixtures and --scenario exclude each other' })
  const text = join(directory, 'text.json')
  const line = `${text}: Unexpected token 'o', "no JSON at all" is not valid JSON`
  refused(t, await run(t, { args: ['--fixtures', text] }), `firedrill: --fixtures ${line}`, 'by flag')
  refused(
    t,
    await run(t, { env: { FIREDRILL_FIXTURES: text } }),
    `firedrill: FIREDRILL_FIXTURES ${line}`,
    'by environment',
  )
})

t.test('a fixtures document replaces the demo data of the APIs that it names', async t => {
  const mine = { a9s: { tokens: [{ token: 'mine' }], instances: [{ id: 'i', backupGuid: 'g' }] } }
  const directory = t.testdir({ 'mine.json': JSON.stringify(mine) })
  const { url } = await serve(t, { args: ['--fixtures', join(directory, 'mine.json')] })
  const ask = (path: string, authorization: string) => fetch(url + path, { headers: { authorization } })
  t.equal((await ask('/v1/instances/i/restores', 'bearer mine')).status, 200)
  t.equal((await ask('/v1/instances/i/restores', 'bearer demo-token')).status, 401)
  t.equal(
    (await ask('/backend/api/v1/disasterRecoveryFiles', 'Bearer YOUR_API_KEY')).status,
    200,
    'other APIs keep the demo data',
  )
})
