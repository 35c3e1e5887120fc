// The commands about sandboxes, their snapshots and their state documents.
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type * as wire from '../../schemas/control.ts'
import { createSandbox, dropSandbox, listSandboxes } from '../control/sandboxes/operations.ts'
import * as state from '../control/state/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, CommandError, textOf } from './command.ts'
import { OptionError } from './flags.ts'
import { remoteCommand } from './remote.ts'

const NAME = { name: 'NAME' }

export const sandboxCommands: Command[] = [
  remoteCommand({
    name: 'reset',
    operations: [state.reset],
    summary: 'Reset the sandbox to its initial state',
    run: async server => {
      await server.invoke(state.reset)
      return 'Sandbox reset to its initial state'
    },
  }),
  remoteCommand({
    name: 'sandbox create',
    operations: [createSandbox],
    summary: 'Create a sandbox',
    arguments: [NAME],
    flags: {
      scenario: { value: 'NAME', help: 'start with the state of a scenario' },
      snapshot: { value: 'NAME', help: 'start with the state of a snapshot' },
      from: {
        value: 'SANDBOX',
        help: 'start with the state of another sandbox at a moment of its history; needs --at',
      },
      at: {
        value: 'MOMENT',
        help: 'with --from: the id of a request, or an instant: ISO 8601, or before now as in --at=-5m',
      },
      blank: { value: undefined, help: 'start with no data at all, not even credentials' },
      plan: { value: 'NAME', help: 'arm a plan of faults, whose stages start now' },
      clock: { value: 'MODE', help: "clock of the sandbox, as for the server's option --clock" },
    },
    run: async (server, call) => sandboxesText([await server.invoke(createSandbox, { body: sandboxRequest(call) })]),
  }),
  remoteCommand({
    name: 'sandbox list',
    operations: [listSandboxes],
    summary: 'List the sandboxes and their URLs',
    run: async server => sandboxesText(await server.invoke(listSandboxes)),
  }),
  remoteCommand({
    name: 'sandbox drop',
    operations: [dropSandbox],
    summary: 'Delete a sandbox and everything in it',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.invoke(dropSandbox, { path: { sandbox: name } })
      return `Deleted ${name}`
    },
  }),
  remoteCommand({
    name: 'snapshot take',
    operations: [state.takeSnapshot],
    summary: 'Save everything that the sandbox contains under a name',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.invoke(state.takeSnapshot, { body: { name } })
      return `Took snapshot ${name}`
    },
  }),
  remoteCommand({
    name: 'snapshot restore',
    operations: [state.restoreSnapshot],
    summary: 'Replace everything that the sandbox contains with a snapshot',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.invoke(state.restoreSnapshot, { path: { name } })
      return `Restored snapshot ${name}`
    },
  }),
  remoteCommand({
    name: 'snapshot list',
    operations: [state.listSnapshots],
    summary: 'List the snapshots of all sandboxes',
    run: async server => {
      const snapshots = await server.invoke(state.listSnapshots)
      return snapshots.length === 0 ? 'No snapshots' : snapshots.map(({ name }) => name).join('\n')
    },
  }),
  remoteCommand({
    name: 'snapshot drop',
    operations: [state.dropSnapshot],
    summary: 'Delete a snapshot',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.invoke(state.dropSnapshot, { path: { name } })
      return `Deleted ${name}`
    },
  }),
  remoteCommand({
    name: 'state export',
    operations: [state.exportState],
    summary:
      'Print everything that the sandbox contains, including its secrets, as a document for state import and --fixtures',
    run: async server => JSON.stringify(await server.invoke(state.exportState), null, 2),
  }),
  remoteCommand({
    name: 'state import',
    operations: [state.importState],
    summary: 'Replace everything that the sandbox contains with a document; - reads it from standard input',
    arguments: [{ name: 'FILE' }],
    run: async (server, { words: [file = ''] }) => {
      await server.invoke(state.importState, { body: await documentIn(file) })
      return `Imported ${file}`
    },
  }),
  remoteCommand({
    name: 'assert-clean',
    operations: [state.assertClean],
    summary: 'Fail when a test left something behind: an armed fault, a job rule, a running job, an unmatched request',
    run: async server => {
      const { clean, problems } = await server.invoke(state.assertClean)
      if (!clean) throw new CommandError(problems.join('; '))
      return 'Clean'
    },
  }),
]

function sandboxRequest({ words: [name = ''], given }: Call): wire.SandboxRequest {
  const [scenario, snapshot] = [textOf(given, 'scenario'), textOf(given, 'snapshot')]
  const [clock, faultPlan] = [textOf(given, 'clock'), textOf(given, 'plan')]
  const [sandbox, at] = [textOf(given, 'from'), textOf(given, 'at')]
  if ((sandbox === undefined) !== (at === undefined)) throw new OptionError('--from and --at need each other')
  const starts: NonNullable<wire.SandboxRequest['from']>[] = [
    ...(scenario === undefined ? [] : [{ scenario }]),
    ...(snapshot === undefined ? [] : [{ snapshot }]),
    ...(sandbox === undefined || at === undefined ? [] : [{ sandbox, at }]),
    ...(given.blank === true ? ['blank' as const] : []),
  ]
  if (starts.length > 1) throw new OptionError('--scenario, --snapshot, --from and --blank exclude each other')
  const [from = 'fixture' as const] = starts
  return { name, from, ...(clock === undefined ? {} : { clock }), ...(faultPlan === undefined ? {} : { faultPlan }) }
}

function sandboxesText(sandboxes: wire.Sandbox[]): string {
  return columns(sandboxes.map(({ name, url }) => [name, url]))
}

async function documentIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'))
  } catch (cause) {
    throw new CommandError(`${file}: ${(cause as Error).message}`, 1, { cause })
  }
}
