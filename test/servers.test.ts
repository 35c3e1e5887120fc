// Two servers in one process share nothing: a second one changes nothing in the answers of the first.
import t from 'tap'
import type { Firedrill } from '../src/index.ts'
import { boot, call } from './helpers.ts'

/** Answers that depend on the time, on the seed, on the host and on what is armed. */
async function answersOf(server: Firedrill, host: string): Promise<string[]> {
  const paths = ['/backend/api/v1/files', '/v1/instances/unknown/backups', '/arcgis/admin?f=html']
  const answers = await Promise.all(paths.map(path => call(server, { path, headers: { host }, contract: false })))
  const clock = await call(server, { path: '/__admin/clock' })
  return [
    ...answers.map(({ status, headers, text }) =>
      JSON.stringify([status, headers.date, headers['x-firedrill-request-id'], text]),
    ),
    clock.text,
  ]
}

t.test('requests to another server, at another time and under another host, change no answer', async t => {
  const options = { seed: 'one' }
  const alone = await answersOf(await boot(t, options), 'one.example:8420')
  const first = await boot(t, options)
  const second = await boot(t, { seed: 'two', clock: 'frozen:2031-01-01T00:00:00Z' })
  second.default.faults.arm({ operation: '*', fault: 'status', status: 503 })
  const before = await answersOf(second, 'TWO.localhost')
  t.same(await answersOf(first, 'one.example:8420'), alone)
  t.same(
    before.filter(answer => alone.includes(answer)),
    [],
    'the second server answers otherwise',
  )
})
