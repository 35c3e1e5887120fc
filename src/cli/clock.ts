// The commands about a sandbox's clock: read it, set it and move it forward.
import type * as wire from '../../schemas/control.ts'
import * as rows from '../control/clock/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { OptionError } from './flags.ts'
import { remoteCommand, type Server } from './remote.ts'

export const clockCommands: Command[] = [
  remoteCommand({
    name: 'advance',
    summary: 'Move the clock forward, and list what happened meanwhile',
    operations: [rows.advanceClock, rows.runUntilIdle],
    arguments: [{ name: 'DURATION', isOptional: true }],
    flags: {
      to: { value: 'INSTANT', help: 'to this instant, ISO 8601' },
      next: { value: undefined, help: 'to the next instant at which something is due' },
      'until-idle': { value: undefined, help: 'until no job has anything due' },
      max: { value: 'DURATION', help: 'with --until-idle: by at most this much [1d]' },
    },
    run: async (server, call) => advancedText(await advance(server, call)),
  }),
  remoteCommand({
    name: 'clock',
    operations: [rows.getClock, rows.setClock],
    summary: 'Show the virtual time, or set it and how it runs',
    flags: {
      mode: { value: 'MODE', help: 'real, frozen or scaled' },
      factor: { value: 'N', help: 'with --mode scaled: how many times as fast as real time' },
      now: { value: 'INSTANT', help: 'the new time, ISO 8601; not earlier than the present one' },
    },
    run: async (server, { given }) => {
      const [mode, factor, now] = [textOf(given, 'mode'), textOf(given, 'factor'), textOf(given, 'now')]
      const change = {
        ...(mode === undefined ? {} : { mode }),
        ...(factor === undefined ? {} : { factor: numberOf('factor', factor) }),
        ...(now === undefined ? {} : { now }),
      }
      const isChange = Object.keys(change).length > 0
      const clock = await (isChange ? server.invoke(rows.setClock, { body: change }) : server.invoke(rows.getClock))
      const speed = clock.mode === 'scaled' ? `scaled by ${clock.factor}` : clock.mode
      const lines = columns([
        ['now', clock.now],
        ['mode', speed],
        ['next event', clock.nextEventAt],
      ])
      return [lines, ...stoppedLines('stopped' in clock && clock.stopped === true)].join('\n')
    },
  }),
]

function advance(server: Server, { words: [by], given }: Call): Promise<wire.Advanced> {
  const [to, max] = [textOf(given, 'to'), textOf(given, 'max')]
  const isUntilIdle = given['until-idle'] === true
  const ways = [by !== undefined, to !== undefined, given.next === true, isUntilIdle].filter(Boolean)
  if (ways.length !== 1) throw new OptionError('advance takes exactly one of DURATION, --to, --next and --until-idle')
  if (max !== undefined && !isUntilIdle) throw new OptionError('--max goes with --until-idle')
  if (isUntilIdle) return server.invoke(rows.runUntilIdle, { body: max === undefined ? {} : { max } })
  const how = by !== undefined ? { by } : to !== undefined ? { to } : { toNextEvent: true }
  return server.invoke(rows.advanceClock, { body: how })
}

function advancedText({ now, stopped, fired, counts }: wire.Advanced): string {
  const rows = fired.map(({ at, api, kind, id, phase, state }) => [at, api, kind, id, phase, state])
  const kinds = Object.entries(counts).flatMap(([api, ofApi]) =>
    Object.entries(ofApi).map(([kind, count]) => ({ api, kind, count })),
  )
  const total = kinds.reduce((sum, { count }) => sum + count, 0)
  const summary = [
    `The first ${fired.length} of ${total} events. By kind:`,
    columns(kinds.map(({ api, kind, count }) => [api, kind, String(count)])),
  ]
  return [
    ...(rows.length === 0 ? [] : [columns(rows)]),
    ...(total > fired.length ? summary : []),
    `The time is ${now}`,
    ...stoppedLines(stopped),
  ].join('\n')
}

function stoppedLines(stopped: boolean): string[] {
  return stopped ? ['Stopped early: one call applies only a limited number of events. Advance again to continue.'] : []
}

function numberOf(option: string, text: string): number {
  const number = Number(text.trim() || Number.NaN)
  if (Number.isNaN(number)) throw new OptionError(`--${option} must be a number, not "${text}"`)
  return number
}
