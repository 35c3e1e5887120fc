// Fault rules that could never fire are refused on every interface.
import t from 'tap'
import type { FaultRule } from '../../../src/control/faults/operations.ts'
import { Refusal } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import { caught } from '../../sandbox/bakery.ts'
import { send, TEAPOT } from './requests.ts'

t.test('armFault: a rule that could never fire is refused on every interface', async t => {
  const server = await boot(t)
  const any = { operation: '*' }
  const cases: { rule: unknown; detail: RegExp }[] = [
    { rule: {}, detail: /^operation is required$/ },
    { rule: [], detail: /the body must be an object/ },
    {
      rule: { ...TEAPOT, operation: 'nope' },
      detail: /^unknown operation "nope"; known operations are .*createBackup.*, and \* for all$/,
    },
    { rule: { ...TEAPOT, operation: 'getClock' }, detail: /^unknown operation "getClock"/ },
    {
      rule: { ...TEAPOT, operation: 'createBackup', api: 'a9s' },
      detail: /^unknown operation "createBackup" in a9s; .*prepareDisasterRecovery/,
    },
    {
      rule: { ...TEAPOT, ...any, api: 'nope' },
      detail: /^unknown api "nope"; known APIs are disaster-recovery-files, a9s, dscloud, arcgis$/,
    },
    {
      rule: { ...any, fault: 'nope' },
      detail: /^unknown fault "nope"; known faults are error, status, delay, /,
    },
    { rule: { ...any, fault: 'none' }, detail: /^unknown fault "none"/ },
    {
      rule: { ...any, ...TEAPOT, ms: 5 },
      detail:
        /unknown parameter "ms"; fault status takes status, body\?, contentType\?; a rule has api, operation, match/i,
    },
    { rule: { ...any, fault: 'hang', time: 5 }, detail: /unknown parameter "time"; fault hang takes no parameters/i },
    { rule: { ...any, fault: 'status' }, detail: /status is required/i },
    { rule: { ...any, fault: 'status', status: 99 }, detail: /status must be at least 200/i },
    { rule: { ...any, ...TEAPOT, contentType: 'a\nb' }, detail: /contentType must be/i },
    { rule: { ...any, fault: 'content-type', type: 'a\r\nx: y' }, detail: /type must be/i },
    { rule: { ...any, fault: 'content-type', type: '' }, detail: /type must not be empty/i },
    {
      rule: { ...any, fault: 'delay' },
      detail:
        /ms is required; fault delay takes ms, clock\?; or distribution "uniform", minMs, maxMs, clock\?; or distribution "lognormal", medianMs, sigma, clock\?/,
    },
    { rule: { ...any, fault: 'delay', ms: 86_400_001 }, detail: /ms must be at most 86400000/i },
    { rule: { ...any, fault: 'delay', distribution: 'uniform', minMs: 1 }, detail: /maxMs is required/i },
    { rule: { ...any, fault: 'reset', when: 'never' }, detail: /when must be one of before-headers, after-headers/ },
    { rule: { ...any, fault: 'error', name: 'NotFound' }, detail: /needs an api/ },
    {
      rule: { operation: 'createBackup', fault: 'error', name: 'NotFound' },
      detail: /^unknown error "NotFound" of arcgis; known errors are .*InvalidToken/,
    },
    { rule: { api: 'a9s', ...any, fault: 'error', name: 'toString' }, detail: /^unknown error "toString" of a9s/ },
    {
      rule: { ...any, ...TEAPOT, match: { path: '/' } },
      detail:
        /^unknown field "match.path"; known fields are method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies, range$/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { bodyPatterns: [{ contains: 'x' }] } },
      detail: /^unknown field "match.bodyPatterns": faults are applied before the body is read; known fields are/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { status: 200 } },
      detail: /"match.status": faults are applied before there is a response; known/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { operation: 'getJob' } },
      detail: /"match.operation": it is a field of the rule, not of match; known/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { query: { a: 'b' } } },
      detail: /"match.query"; known fields are .*queryParameters/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { headers: { a: 1 } } },
      detail: /match.headers.a must be a string or an object/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { headers: { a: { is: 'x' } } } },
      detail: /Header a: unknown operator "is"; known operators are equalTo/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { urlPathPattern: '/(?!a).*' } },
      detail: /The path: look-around .* is not supported/,
    },
    {
      rule: { ...any, ...TEAPOT, match: { urlPathPattern: '(' } },
      detail: /The path: invalid regular expression: missing closing \)/,
    },
    { rule: { ...any, ...TEAPOT, times: 0 }, detail: /times must/ },
    { rule: { ...any, ...TEAPOT, nth: 1.5 }, detail: /nth must/ },
    { rule: { ...any, ...TEAPOT, probability: 2 }, detail: /probability must/ },
    { rule: { ...any, ...TEAPOT, times: 1, nth: 1 }, detail: /^set only one of times, nth and sequence$/ },
    { rule: { ...any, ...TEAPOT, sequence: [TEAPOT] }, detail: /^set either fault or sequence$/ },
    { rule: any, detail: /^set either fault or sequence$/ },
    { rule: { ...any, sequence: [] }, detail: /sequence must/ },
    { rule: { ...any, sequence: [TEAPOT], ms: 5 }, detail: /^unknown field "ms"; known fields are api, operation/ },
    {
      rule: { ...any, sequence: [{ fault: 'none' }] },
      detail: /^sequence must contain at least one fault other than none$/,
    },
    { rule: { ...any, sequence: [TEAPOT, { fault: 'nope' }] }, detail: /^unknown fault "nope"/ },
    { rule: { ...any, sequence: [TEAPOT, { fault: 'none', ms: 1 }] }, detail: /unknown parameter "ms"/ },
    { rule: { ...any, sequence: [{ fault: 'error', name: 'x' }] }, detail: /needs an api/ },
  ]
  for (const { rule, detail } of cases) {
    const refused = await send(server, 'POST', '/faults', rule)
    t.match(refused, { status: 400, json: { detail } }, JSON.stringify(rule))
    t.ok(caught(() => server.default.faults.arm(rule as FaultRule)) instanceof Refusal)
  }
  t.same(server.default.faults.list(), [])
})

t.test('armFault: a missing body is treated like an empty one', async t => {
  const server = await boot(t)
  for (const body of [undefined, {}]) {
    const { status, json } = await call(server, { method: 'POST', path: '/__admin/faults', body })
    t.match({ status, json }, { status: 400, json: { detail: 'operation is required' } })
  }
})
