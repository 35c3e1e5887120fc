// Work in steps: its result is the same with progress reports, which come between the steps.
import t from 'tap'
import { runAtOnce, type Steps, withProgress } from '../../src/control/steps.ts'

function* counting(): Steps<string> {
  yield
  yield
  return 'three'
}

t.test('progress is reported after each interval', async t => {
  const reported: number[] = []
  t.equal(runAtOnce(withProgress(counting(), 0, elapsedMs => reported.push(elapsedMs))), 'three')
  t.equal(reported.length, 2)
  t.ok(reported.every((elapsedMs, index) => elapsedMs >= (reported[index - 1] ?? 0)))
  t.equal(runAtOnce(withProgress(counting(), 60_000, () => t.fail('too early'))), 'three')
})
