// Drills as data: what a written one asks for must be there.
import t from 'tap'
import type { Drill } from '../../../schemas/drills.ts'
import { configFromOptions } from '../../../src/config.ts'
import { checkDrill } from '../../../src/control/drills/files.ts'
import { openRegistry } from '../../../src/fixtures.ts'
import { buildServer } from '../../../src/server.ts'

t.test('a drill that names something unknown is refused with the known names', async t => {
  const config = configFromOptions({})
  const registry = openRegistry(config)
  const documents = { describeControl: async () => ({}), describeApis: async () => '' }
  const { app, control } = await buildServer({ config, registry, report: () => {}, ...documents })
  t.teardown(async () => {
    await app.close()
    registry.close()
  })
  const good: Drill = {
    id: 'x',
    title: 'x',
    api: 'arcgis',
    story: 'x',
    teaches: 'x',
    credentials: {},
    from: 'fixture',
    clock: '2026-01-01T00:00:00Z',
    faults: [{ operation: 'getJob', fault: 'hang' }],
    goal: [{ rule: 'clean' }],
  }
  t.same(checkDrill(good, control), good)
  const asks = (goal: object) => ({ goal: [goal] })
  const bad: [change: object, message: RegExp][] = [
    [{ more: 1 }, /^unknown field "more"; known fields are id, /],
    [{ title: undefined }, /^title is required$/],
    [{ id: 'A b' }, /^id must be/],
    [{ clock: 'frozen' }, /^clock must be/],
    [{ goal: [] }, /^goal must be/],
    [{ api: 'nope' }, /^unknown API "nope"; known APIs are disaster-recovery-files, /],
    [asks({ rule: 'nope' }), /^unknown rule "nope"; known rules are calls, order, back-off, /],
    [{ goal: [null] }, /^unknown rule "undefined"/],
    [asks({ rule: 'clean', very: true }), /^rule clean: unknown field "very"; known fields are rule$/],
    [asks({ rule: 'calls' }), /^rule calls: operation is required$/],
    [
      asks({ rule: 'calls', operation: 'prepareDisasterRecovery' }),
      /^arcgis has no operation "prepareDisasterRecovery"; it has listBackups, /,
    ],
    [asks({ rule: 'order', steps: [{ operation: 'getJob' }, { operation: 'nope' }] }), /no operation "nope"/],
    [asks({ rule: 'no-call-after', after: { operation: 'nope' } }), /no operation "nope"/],
    [asks({ rule: 'no-call-after', after: { operation: 'getJob' }, operation: 'nope' }), /no operation "nope"/],
    [
      asks({ rule: 'last-answer', operation: 'getJob', answer: 'BadGateway' }),
      /^arcgis has no error "BadGateway"; it has InvalidParameter, /,
    ],
    [asks({ rule: 'back-off', operation: 'getJob', after: 'BadGateway' }), /no error "BadGateway"/],
    [asks({ rule: 'no-call-after', after: { operation: 'getJob', answer: 'Nope' } }), /no error "Nope"/],
    [
      asks({ rule: 'rows', table: 'restores', match: {}, exactly: 1 }),
      /^arcgis has no table "restores"; it has users, /,
    ],
    [asks({ rule: 'fault-fired', fault: 2 }), /^rule fault-fired: there is no fault 2; the drill has 1$/],
    [{ faults: [{ operation: 'getJob', fault: 'nope' }] }, /^unknown fault "nope"; known faults are error, /],
    [
      { faults: [{ operation: 'getJob', fault: 'hang', ms: 1 }] },
      /^unknown parameter "ms"; fault hang takes no parameters/,
    ],
    [{ faults: [{ operation: 'nope', fault: 'hang' }] }, /^unknown operation "nope"/],
    [{ jobRules: [{ operation: 'nope' }] }, /no operation "nope"/],
    [
      { jobRules: [{ operation: 'createBackup', timing: 1 }] },
      /^unknown field "jobRules\.0\.timing"; known fields are operation, /,
    ],
  ]
  for (const [change, message] of bad) {
    const written = JSON.parse(JSON.stringify({ ...good, ...change }))
    t.throws(() => checkDrill(written, control), { kind: 'invalid', message }, JSON.stringify(change))
  }
})
