// The commands about the jobs of all APIs: list them and end them by hand.
import type * as wire from '../../schemas/control.ts'
import { cancelJob, failJob, finishJob, listAllJobs, stepJob } from '../control/jobs/operations.ts'
import { columns } from './columns.ts'
import { type Command, textOf } from './command.ts'
import { remoteCommand } from './remote.ts'

const reason = { reason: { value: 'TEXT', help: 'the reason that clients of the API see' } }

const moves = [
  { name: 'job step', row: stepJob, flags: {} },
  { name: 'job finish', row: finishJob, flags: {} },
  { name: 'job fail', row: failJob, flags: reason },
  { name: 'job cancel', row: cancelJob, flags: reason },
]

export const jobCommands: Command[] = [
  remoteCommand({
    name: 'jobs',
    summary: listAllJobs.summary,
    operations: [listAllJobs],
    run: async server => jobsText(await server.invoke(listAllJobs)),
  }),
  ...moves.map(({ name, row, flags }) =>
    remoteCommand({
      name,
      summary: row.summary,
      operations: [row],
      arguments: [{ name: 'ID' }],
      flags,
      run: async (server, { words: [id = ''], given }) => {
        const text = textOf(given, 'reason')
        const input = { path: { id }, ...(text === undefined ? {} : { body: { reason: text } }) }
        return jobsText([await server.invoke(row, input)])
      },
    }),
  ),
]

function jobsText(jobs: wire.Job[]): string {
  if (jobs.length === 0) return 'No jobs'
  return columns([
    ['job', 'kind', 'state', 'last phase', 'when'],
    ...jobs.map(({ id, api, kind, state, phase, dueAt, endedAt }) => [
      `${api}:${id}`,
      kind,
      state,
      phase,
      endedAt !== null ? `ended ${endedAt}` : dueAt !== null ? `due ${dueAt}` : 'not due',
    ]),
  ])
}
