// Rewinding: what cannot be done is refused in words that say what would be right, and how far history reaches.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { bootWithHistory, NOON } from './rewinding.ts'

t.test('refusals say what would be right, and create nothing', async t => {
  const { server, t1, perform, rewind } = await bootWithHistory(t, { history: 2 })
  const first = await perform()
  t1.clock.advance({ by: '1m' })
  const second = await perform()
  t1.clock.advance({ by: '1m' })
  const third = await perform()
  t.same(
    t1.requests.list().requests.map(({ id, firedrill }) => [id, firedrill.canRewind]),
    [
      [third, true],
      [second, true],
      [first, false],
    ],
  )
  t.match(server.sandboxes.list(), [
    { name: 'default' },
    { history: { from: '2026-06-10T12:01:00.000Z', requests: 2 } },
  ])
  const reach =
    'the history of sandbox "t1" reaches back to 2026-06-10T12:01:00.000Z, over 2 requests; --history (2) limits the number ' +
    'of requests and --history-bytes (16777216) the memory, and after a restart it begins anew'
  for (const { at, status, detail } of [
    { at: first, status: 409, detail: `Request "${first}" is too old: ${reach}.` },
    { at: NOON, status: 409, detail: `${NOON} is too early: ${reach}.` },
    {
      at: '+1m',
      status: 409,
      detail:
        'Sandbox "t1" has not reached 2026-06-10T12:03:00.000Z: it is at 2026-06-10T12:02:00.000Z; advance the clock of the new sandbox.',
    },
    {
      at: '10000000-0000-4000-8000-000000000002',
      status: 404,
      detail:
        'Sandbox "t1" has received no request with the id "10000000-0000-4000-8000-000000000002" since it was created or reset; ' +
        'its journal lists the ids.',
    },
    {
      at: 'yesterday',
      status: 400,
      detail:
        'At: "yesterday" is neither the id of a request nor an instant; use an id of the journal, ISO 8601 with an offset, or -5m.',
    },
  ]) {
    const body = { name: 'copy', from: { sandbox: 't1', at } }
    t.match(await call(server, { method: 'POST', path: '/__admin/sandboxes', body }), { status, json: { detail } }, at)
  }
  const { sandboxes } = server
  t.throws(() => sandboxes.create({ name: 'copy', from: { sandbox: 'nope', at: NOON } }), {
    message: /there is no sandbox "nope"/,
  })
  t.throws(() => rewind(third, 't1'), { kind: 'conflict', message: 'sandbox "t1" already exists' })
  t.throws(() => rewind(third, 'No'), { message: /^invalid sandbox name "No"/ })
  t.throws(() => sandboxes.create({ name: 'copy', from: { sandbox: 't1', at: third }, clock: 'frozen:2020-01-01' }), {
    message: /only moves forward/,
  })
  t.throws(() => sandboxes.create({ name: 'copy', from: { sandbox: 't1', at: third }, faultPlan: 'nope' }), {
    message: /nope/,
  })
  t.same(
    sandboxes.list().map(({ name }) => name),
    ['default', 't1'],
    'nothing was created',
  )
  rewind(second)
})

t.test('without the option there is no history', async t => {
  const { server, perform, rewind, t1 } = await bootWithHistory(t, { history: 0 })
  const id = await perform()
  t.throws(() => rewind(id), {
    kind: 'conflict',
    message:
      'sandbox "t1" has no history, because the server keeps none; start it with --history N, where N is the number of requests ' +
      'over which each sandbox can be rewound',
  })
  t.match(server.sandboxes.list(), [{ history: null }, { history: null }])
  t.equal(t1.requests.get(id).firedrill.canRewind, false)
  await t.rejects(boot(t, { history: 1, journalEntries: 0 }), {
    message: 'history needs a journal: journalEntries must not be 0',
  })
})

t.test(
  'the memory is limited: the oldest part is dropped, and contents that are too large have no history',
  async t => {
    const { server, perform, list, rewind } = await bootWithHistory(t, {
      history: 100_000,
      historyBytes: 200_000,
    })
    const first = await perform()
    const history = () => server.sandboxes.list().find(({ name }) => name === 't1')?.history
    let sent = 1
    while (history()?.requests === sent) {
      await perform()
      sent += 1
    }
    t.ok((history()?.sizeBytes ?? 0) <= 200_000)
    t.throws(() => rewind(first), { kind: 'conflict', message: /--history-bytes \(200000\) the memory/ })
    rewind(await list())

    const small = await bootWithHistory(t, { historyBytes: 1000 })
    const id = await small.perform()
    t.match(small.server.sandboxes.list(), [{ history: null }, { history: null }])
    t.throws(() => small.rewind(id), {
      message: /the contents of sandbox "t1" alone need more memory than --history-bytes 1000 allows for its history/,
    })
  },
)
