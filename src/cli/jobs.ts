// The commands about every API's jobs: listed, and moved by hand.
import type * as wire from '../../schemas/control.ts'
import { columns } from './columns.ts'
import { type Command, textOf } from './command.ts'
import { sandboxCommand } from './remote.ts'

const reason = { reason: { value: 'TEXT', help: 'what the API tells its clients about it' } }

const moves = [
  { move: 'step', summary: "End a job's current phase", flags: {} },
  { move: 'finish', summary: 'End all phases of a job as planned', flags: {} },
  { move: 'fail', summary: 'End a job here, failed', flags: reason },
  { move: 'cancel', summary: 'End a job here, cancelled', flags: reason },
]

export const jobCommands: Command[] = [
  sandboxCommand({
    name: 'jobs',
    summary: "List every API's jobs",
    run: async server => jobsText(await server.ask('GET', '/jobs')),
  }),
  ...moves.map(({ move, summary, flags }) =>
    sandboxCommand({
      name: `job ${move}`,
      summary,
      arguments: [{ name: 'ID' }],
      flags,
      run: async (server, { words: [id = ''], given }) => {
        const why = textOf(given, 'reason')
        const ending = why === undefined ? {} : { reason: why }
        return jobsText([await server.ask('POST', `/jobs/${encodeURIComponent(id)}/${move}`, ending)])
      },
    }),
  ),
]

function jobsText(jobs: wire.Job[]): string {
  if (jobs.length === 0) return 'no jobs'
  return columns(
    jobs.map(({ id, api, kind, state, phase, dueAt, endedAt }) => [
      `${api}:${id}`,
      kind,
      state,
      phase,
      endedAt !== null ? `ended ${endedAt}` : dueAt !== null ? `due ${dueAt}` : 'not due',
    ]),
  )
}
