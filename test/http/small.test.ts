// Bearer tokens, declared responses, problem documents and error catalogues.
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { bearerToken } from '../../src/http/bearer.ts'
import { ApiError } from '../../src/http/errors.ts'
import { problemBody } from '../../src/http/problem.ts'
import { failures, json } from '../../src/http/responses.ts'
import { catalogue } from './small-api.ts'

t.test('bearer tokens; the scheme is case-insensitive', async t => {
  const cases: [string | string[] | undefined, string | undefined][] = [
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['Bearer   abc  ', 'abc'],
    ['Bearer a.b-c_d~e+f/g==', 'a.b-c_d~e+f/g=='],
    [['Bearer abc', 'Bearer def'], 'abc'],
    [undefined, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['abc', undefined],
    ['Basic abc', undefined],
    ['Bearerabc', undefined],
    ['Bearer abc def', undefined],
    ['xBearer abc', undefined],
  ]
  for (const [header, token] of cases) t.equal(bearerToken(header), token, JSON.stringify(header))
})

t.test('a JSON response with examples by name', async t => {
  const schema = Type.Object({})
  t.same(json('Done', schema), { description: 'Done', content: { 'application/json': { schema } } })
  t.same(json('Done', schema, { usual: { a: 1 } }, 'application/x'), {
    description: 'Done',
    content: { 'application/x': { schema, examples: { usual: { value: { a: 1 } } } } },
  })
})

t.test('the errors of an operation by status', async t => {
  const schema = Type.Object({})
  const body = (error: ApiError) => ({ oops: error.errorName })
  t.same(failures(catalogue, schema, body, ['Malformed', 'Taken']), {
    400: json('cannot be read', schema, { Malformed: { oops: 'Malformed' } }),
    409: json('taken', schema, { Taken: { oops: 'Taken' } }),
  })
})

t.test('problem documents', async t => {
  t.same(JSON.parse(problemBody({ status: 404, title: 'Gone', detail: 'It is not here.', more: [1] })), {
    type: 'about:blank',
    title: 'Gone',
    status: 404,
    detail: 'It is not here.',
    more: [1],
  })
})

t.test('errors of a catalogue', async t => {
  const cause = new Error('why')
  const error = catalogue.error('Taken', { cause })
  t.type(error, ApiError)
  t.match(error, {
    errorName: 'Taken',
    message: 'taken',
    details: [],
    headers: {},
    row: { status: 409, code: 7 },
    cause,
  })
  t.equal(catalogue.error('Taken', { message: 'by you' }).message, 'by you')
  t.notOk('cause' in catalogue.error('Taken'))
})
