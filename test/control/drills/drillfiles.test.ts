// Drill files: everything that one names must exist.
import t from 'tap'
import type { Drill } from '../../../schemas/drills.ts'
import { configFromOptions } from '../../../src/config.ts'
import { checkDrill } from '../../../src/control/drills/files.ts'
import { openRegistry } from '../../../src/fixtures.ts'
import { openapiDocument } from '../../../src/openapi.ts'
import { buildServer } from '../../../src/server.ts'

const REQUIREMENT = {
  id: 'x/clean',
  version: 1,
  kind: 'required',
  text: 'x',
  provenance: { kind: 'inferred', source: 'x' },
} as const

t.test('a drill that names something unknown is refused with the known names', async t => {
  const config = configFromOptions({})
  const registry = openRegistry(config)
  const documents = {
    describeControl: async () => ({}),
    describeApis: () => openapiDocument('apis'),
    toYaml: async () => '',
  }
  const { close, control } = await buildServer({ config, registry, report: () => {}, ...documents })
  t.teardown(async () => {
    await close()
    registry.close()
  })
  const valid: Drill = {
    id: 'x',
    version: 1,
    title: 'x',
    api: 'arcgis',
    task: 'x',
    teaches: 'x',
    inputs: {},
    credentials: {},
    from: 'fixture',
    clock: '2026-01-01T00:00:00Z',
    faults: [{ operation: 'getJob', fault: 'hang' }],
    requirements: [{ ...REQUIREMENT, rule: { rule: 'clean' } }],
  }
  t.same(checkDrill(valid, control), valid)
  const withRule = (rule: object | null) => ({ requirements: [{ ...REQUIREMENT, rule }] })
  const withRequirements = (...changes: object[]) => ({
    requirements: changes.map(change => ({ ...REQUIREMENT, rule: { rule: 'clean' }, ...change })),
  })
  const cases: { change: object; message: RegExp }[] = [
    { change: { more: 1 }, message: /^unknown field "more"; known fields are id, / },
    { change: { title: undefined }, message: /^title is required$/ },
    { change: { id: 'A b' }, message: /^id must be/ },
    { change: { clock: 'frozen' }, message: /^clock must be/ },
    { change: { requirements: [] }, message: /^requirements must be/ },
    { change: { timeLimit: 'soon' }, message: /^"soon" is not a duration/ },
    { change: { timeLimit: '0s' }, message: /^timeLimit must be from 1ms to 24h, not "0s"$/ },
    { change: { timeLimit: '30d' }, message: /^timeLimit must be from 1ms to 24h, not "30d"$/ },
    { change: { advance: 'soon' }, message: /^"soon" is not a duration/ },
    { change: withRequirements({ id: 'y/clean' }), message: /^requirement "y\/clean" must start with "x\/"$/ },
    {
      change: withRequirements({ id: 'x/client-ends' }),
      message: /^requirement "x\/client-ends" is part of every drill$/,
    },
    { change: withRequirements({}, {}), message: /^there are two requirements "x\/clean"$/ },
    { change: withRequirements({ kind: 'optional' }), message: /kind must be one of required, recommended, check/ },
    { change: withRequirements({ provenance: { kind: 'rfc' } }), message: /source is required/ },
    { change: { api: 'nope' }, message: /^unknown API "nope"; known APIs are disaster-recovery-files, / },
    { change: withRule({ rule: 'nope' }), message: /^unknown rule "nope"; known rules are calls, order, back-off, / },
    { change: { requirements: [null] }, message: /^unknown rule "undefined"/ },
    { change: withRule(null), message: /^unknown rule "undefined"/ },
    {
      change: withRule({ rule: 'clean', very: true }),
      message: /^rule clean: unknown field "very"; known fields are rule$/,
    },
    { change: withRule({ rule: 'calls' }), message: /^rule calls: operation is required$/ },
    {
      change: withRule({ rule: 'calls', operation: 'getJob' }),
      message: /^rule calls: one of exactly, atLeast, atMost is required$/,
    },
    {
      change: withRule({ rule: 'back-off', operation: 'getJob', after: 503 }),
      message: /^rule back-off: one of minMs, maxMs, growing is required$/,
    },
    {
      change: withRule({ rule: 'duration', operation: 'getJob' }),
      message: /^rule duration: one of minMs, maxMs is required$/,
    },
    {
      change: withRule({ rule: 'calls', operation: 'prepareDisasterRecovery' }),
      message: /^arcgis has no operation "prepareDisasterRecovery"; it has .*listBackups, /,
    },
    {
      change: withRule({ rule: 'calls', operation: 'getJob', request: { verb: 'GET' }, exactly: 1 }),
      message: /^unknown field "verb"; known fields are method, /,
    },
    {
      change: withRule({ rule: 'order', steps: [{ operation: 'getJob' }, { operation: 'nope' }] }),
      message: /no operation "nope"/,
    },
    { change: withRule({ rule: 'no-call-after', after: { operation: 'nope' } }), message: /no operation "nope"/ },
    {
      change: withRule({ rule: 'no-call-after', after: { operation: 'getJob' }, operation: 'nope' }),
      message: /no operation "nope"/,
    },
    {
      change: withRule({ rule: 'last-answer', operation: 'getJob', answer: 'BadGateway' }),
      message: /^arcgis has no error "BadGateway"; it has InvalidParameter, /,
    },
    {
      change: withRule({ rule: 'back-off', operation: 'getJob', after: 'BadGateway' }),
      message: /no error "BadGateway"/,
    },
    {
      change: withRule({ rule: 'no-call-after', after: { operation: 'getJob', answer: 'Nope' } }),
      message: /no error "Nope"/,
    },
    {
      change: withRule({ rule: 'rows', table: 'restores', match: {}, exactly: 1 }),
      message: /^arcgis has no table "restores"; it has users, /,
    },
    {
      change: withRule({ rule: 'fault-fired', fault: 2 }),
      message: /^rule fault-fired: there is no fault 2; the drill has 1$/,
    },
    { change: withRule({ rule: 'baseline' }), message: /^rule baseline: the drill has no plan of faults$/ },
    { change: { plan: 'nope' }, message: /^there is no plan "nope"; the plans are outage-of-ten-minutes, / },
    {
      change: { faults: [{ operation: 'getJob', fault: 'nope' }] },
      message: /^unknown fault "nope"; known faults are error, /,
    },
    {
      change: { faults: [{ operation: 'getJob', fault: 'hang', ms: 1 }] },
      message: /^unknown parameter "ms"; fault hang takes no parameters/,
    },
    { change: { faults: [{ operation: 'nope', fault: 'hang' }] }, message: /^unknown operation "nope"/ },
    { change: { jobRules: [{ operation: 'nope' }] }, message: /no operation "nope"/ },
    {
      change: { jobRules: [{ operation: 'createBackup', timing: 1 }] },
      message: /^unknown field "jobRules\.0\.timing"; known fields are operation, /,
    },
  ]
  for (const { change, message } of cases) {
    const drill = JSON.parse(JSON.stringify({ ...valid, ...change }))
    t.throws(() => checkDrill(drill, control), { kind: 'invalid', message }, JSON.stringify(change))
  }
})
