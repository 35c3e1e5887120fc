// literals() accepts exactly its values, at run time and for the compiler.
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import type { A9sRestore, ArcgisJob, Clock, DisasterRecoveryFile, DrillVerdictRequest } from '../../schemas/index.ts'
import { literals } from '../../schemas/literals.ts'

type Equal<A, B> = [A, B] extends [B, A] ? true : false

/** Compiles only while each of these types is the union of its literals; `string` would make it `false`. */
const exactTypes: {
  a9sRestore: Equal<A9sRestore['status'], 'queued' | 'running' | 'done' | 'failed' | 'deleted'>
  arcgisJob: Equal<
    ArcgisJob['status'],
    'SUBMITTED' | 'EXECUTING' | 'CANCELLING' | 'CANCELLED' | 'FAILED' | 'COMPLETED' | 'UNAVAILABLE' | 'TIMED OUT'
  >
  clock: Equal<Clock['mode'], 'real' | 'frozen' | 'scaled'>
  disasterRecoveryFile: Equal<DisasterRecoveryFile['status'][number], 'Saved' | 'Downloaded'>
  drillOutcome: Equal<NonNullable<DrillVerdictRequest['outcome']>, 'success' | 'failure'>
} = { a9sRestore: true, arcgisJob: true, clock: true, disasterRecoveryFile: true, drillOutcome: true }

t.test('the types derived from the schemas are unions of literals', async t => {
  t.ok(Object.values(exactTypes).every(isExact => isExact))
})

t.test('a union of literals accepts its values and nothing else', async t => {
  const schema = literals(['queued', 'done', 3], { description: 'A state' })
  for (const value of ['queued', 'done', 3]) t.ok(Value.Check(schema, value), String(value))
  for (const value of ['anything', '3', 4, null]) t.notOk(Value.Check(schema, value), String(value))
  t.match(schema, { description: 'A state', anyOf: [{ const: 'queued' }, { const: 'done' }, { const: 3 }] })
})
