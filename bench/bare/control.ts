// The baseline's counterparts of control operations: health, a clock, jobs and faults.
import { randomUUID } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import type { Database } from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import { nullableText } from './common.ts'
import { type Data, isoMs } from './data.ts'
import type { Job, Jobs, Phase } from './jobs.ts'

const Health = Type.Object({ status: Type.String(), version: Type.String(), uptimeMs: Type.Integer() })
const Clock = Type.Object({
  mode: Type.String(),
  now: Type.String(),
  factor: Type.Integer(),
  nextEventAt: nullableText,
})
const Advance = Type.Object({ by: Type.String({ pattern: '^[0-9]+ms$' }) })
const Advanced = Type.Object({
  now: Type.String(),
  stopped: Type.Boolean(),
  fired: Type.Array(Type.String()),
  counts: Type.Record(Type.String(), Type.Integer()),
})
const JobBody = Type.Object({
  id: Type.String(),
  api: Type.String(),
  kind: Type.String(),
  operation: Type.String(),
  state: Type.String(),
  phase: Type.String(),
  submittedAt: Type.String(),
  dueAt: nullableText,
  endedAt: nullableText,
  reason: nullableText,
  phases: Type.Array(Type.Object({ name: Type.String(), endAt: Type.String() })),
})
const FaultRequest = Type.Object({
  operation: Type.String(),
  fault: Type.String(),
  ms: Type.Integer({ minimum: 0 }),
  times: Type.Integer({ minimum: 1 }),
})
const Fault = Type.Object({
  id: Type.String(),
  api: Type.String(),
  operation: Type.String(),
  fault: Type.String(),
  ms: Type.Integer(),
  times: Type.Integer(),
  matched: Type.Integer(),
  hits: Type.Integer(),
  completed: Type.Boolean(),
})

export function addControl(app: FastifyInstance, db: Database, jobs: Jobs, { state }: Data): void {
  db.exec(`CREATE TABLE clock (offsetMs INTEGER NOT NULL) STRICT;
    INSERT INTO clock VALUES (0);
    CREATE TABLE schedule (dueAt INTEGER NOT NULL) STRICT;
    CREATE INDEX scheduleByDue ON schedule (dueAt);
    CREATE TABLE fault (id TEXT PRIMARY KEY, api TEXT NOT NULL, operation TEXT NOT NULL, fault TEXT NOT NULL, ms INTEGER NOT NULL,
      times INTEGER NOT NULL, hits INTEGER NOT NULL) STRICT`)
  const insertSchedule = db.prepare('INSERT INTO schedule VALUES (?)')
  for (const { dueAt } of state.schedules) insertSchedule.run(Date.parse(dueAt))
  const nextDue = db.prepare<[], number | null>('SELECT min(dueAt) FROM schedule').pluck()
  const readOffset = db.prepare<[], number>('SELECT offsetMs FROM clock').pluck()
  const addOffset = db.prepare('UPDATE clock SET offsetMs = offsetMs + ?')
  const ended = db.prepare<[number, number], string>('SELECT id FROM job WHERE endAt > ? AND endAt <= ?').pluck()
  const insertFault = db.prepare('INSERT INTO fault VALUES (?, ?, ?, ?, ?, ?, 0)')
  const clearFaults = db.prepare('DELETE FROM fault')
  const now = () => Date.now() + (readOffset.get() ?? 0)
  const begunAt = performance.now()

  app.get('/__admin/health', { schema: { response: { 200: Health } } }, (_request, reply) =>
    reply.send({ status: 'healthy', version: '0.1.0', uptimeMs: Math.round(performance.now() - begunAt) }),
  )

  app.get('/__admin/clock', { schema: { response: { 200: Clock } } }, (_request, reply) => {
    const instant = now()
    const next = Math.min(
      jobs.nextEnd.get(instant) ?? Number.POSITIVE_INFINITY,
      nextDue.get() ?? Number.POSITIVE_INFINITY,
    )
    return reply.send({
      mode: 'real',
      now: isoMs(instant),
      factor: 1,
      nextEventAt: Number.isFinite(next) ? isoMs(next) : null,
    })
  })

  const advance = db.transaction((ms: number) => {
    const before = now()
    addOffset.run(ms)
    return { instant: before + ms, fired: ended.all(before, before + ms) }
  })
  app.post<{ Body: Static<typeof Advance> }>(
    '/__admin/clock/advance',
    { schema: { body: Advance, response: { 200: Advanced } } },
    (request, reply) => {
      const { instant, fired } = advance(Number.parseInt(request.body.by, 10))
      return reply.send({ now: isoMs(instant), stopped: false, fired, counts: {} })
    },
  )

  app.get('/__admin/jobs', { schema: { response: { 200: Type.Array(JobBody) } } }, (_request, reply) => {
    const instant = now()
    return reply.send(jobs.all.all().map(job => jobBody(job, instant)))
  })

  app.post<{ Body: Static<typeof FaultRequest> }>(
    '/__admin/faults',
    { schema: { body: FaultRequest, response: { 201: Fault } } },
    (request, reply) => {
      const { operation, fault, ms, times } = request.body
      const id = randomUUID()
      insertFault.run(id, 'disaster-recovery-files', operation, fault, ms, times)
      return reply
        .code(201)
        .send({ id, api: 'disaster-recovery-files', ...request.body, matched: 0, hits: 0, completed: false })
    },
  )

  app.delete('/__admin/faults', (_request, reply) => {
    clearFaults.run()
    return reply.code(204).send()
  })
}

function jobBody(job: Job, now: number): Static<typeof JobBody> {
  const phases: Phase[] = JSON.parse(job.phases)
  const running = phases.find(({ endAt }) => endAt > now)
  return {
    id: job.id,
    api: job.api,
    kind: job.kind,
    operation: job.kind === 'backup' ? 'createBackup' : 'restoreBackup',
    state: running ? 'running' : job.state,
    phase: (running ?? phases.at(-1))?.name ?? '',
    submittedAt: isoMs(job.submittedAt),
    dueAt: running ? isoMs(running.endAt) : null,
    endedAt: running ? null : isoMs(job.endAt),
    reason: running ? null : job.reason,
    phases: phases.map(({ name, endAt }) => ({ name, endAt: isoMs(endAt) })),
  }
}
