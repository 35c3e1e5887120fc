// The commands about sandboxes and all that they hold: made, reset, kept, put back, exported and imported.
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type * as wire from '../../schemas/control.ts'
import { OptionError } from './flags.ts'
import { columns } from './columns.ts'
import { type Call, type Command, CommandError, textOf } from './command.ts'
import { sandboxCommand, serverCommand } from './remote.ts'

const NAME = { name: 'NAME' }

export const sandboxCommands: Command[] = [
  sandboxCommand({
    name: 'reset',
    summary: 'Put everything back to how it was at first',
    run: async server => {
      await server.ask('POST', '/reset')
      return 'it is as it was at first'
    },
  }),
  serverCommand({
    name: 'sandbox create',
    summary: 'Make a sandbox',
    arguments: [NAME],
    flags: {
      scenario: { value: 'NAME', help: 'begin with a ready-made state' },
      snapshot: { value: 'NAME', help: 'begin with a snapshot' },
      blank: { value: undefined, help: 'begin with nothing at all, no credentials either' },
      clock: { value: 'MODE', help: "as the server's option --clock" },
    },
    run: async (server, call) => sandboxesText([await server.askServer('POST', '/sandboxes', sandboxRequest(call))]),
  }),
  serverCommand({
    name: 'sandbox list',
    summary: 'List the sandboxes and their URLs',
    run: async server => sandboxesText(await server.askServer('GET', '/sandboxes')),
  }),
  serverCommand({
    name: 'sandbox drop',
    summary: 'Drop a sandbox and all that it holds',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.askServer('DELETE', `/sandboxes/${encodeURIComponent(name)}`)
      return `dropped ${name}`
    },
  }),
  sandboxCommand({
    name: 'snapshot take',
    summary: 'Keep all that the sandbox holds under a name',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.ask('POST', '/snapshots', { name })
      return `took ${name}`
    },
  }),
  sandboxCommand({
    name: 'snapshot restore',
    summary: 'Put a snapshot in place of all that the sandbox holds',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.ask('POST', `/snapshots/${encodeURIComponent(name)}/restore`)
      return `restored ${name}`
    },
  }),
  serverCommand({
    name: 'snapshot list',
    summary: 'List the snapshots, of all sandboxes',
    run: async server => {
      const snapshots = await server.askServer<{ name: string }[]>('GET', '/snapshots')
      return snapshots.length === 0 ? 'no snapshots' : snapshots.map(({ name }) => name).join('\n')
    },
  }),
  serverCommand({
    name: 'snapshot drop',
    summary: 'Forget a snapshot',
    arguments: [NAME],
    run: async (server, { words: [name = ''] }) => {
      await server.askServer('DELETE', `/snapshots/${encodeURIComponent(name)}`)
      return `dropped ${name}`
    },
  }),
  sandboxCommand({
    name: 'state export',
    summary: 'Print all that the sandbox holds, its secrets included, as a document for state import and --fixtures',
    run: async server => JSON.stringify(await server.ask('GET', '/state'), null, 2),
  }),
  sandboxCommand({
    name: 'state import',
    summary: 'Put a document in place of all that the sandbox holds; - reads it from stdin',
    arguments: [{ name: 'FILE' }],
    run: async (server, { words: [file = ''] }) => {
      await server.ask('PUT', '/state', await documentIn(file))
      return `imported ${file}`
    },
  }),
  sandboxCommand({
    name: 'assert-clean',
    summary: 'Fail when a test left something behind: an armed fault, a job rule, a running job, an unmatched request',
    run: async server => {
      const { clean, problems } = await server.ask<wire.Cleanliness>('GET', '/assert-clean')
      if (!clean) throw new CommandError(problems.join('; '))
      return 'clean'
    },
  }),
]

function sandboxRequest({ words: [name = ''], given }: Call): wire.SandboxRequest {
  const [scenario, snapshot, clock] = [textOf(given, 'scenario'), textOf(given, 'snapshot'), textOf(given, 'clock')]
  const beginnings: NonNullable<wire.SandboxRequest['from']>[] = [
    ...(scenario === undefined ? [] : [{ scenario }]),
    ...(snapshot === undefined ? [] : [{ snapshot }]),
    ...(given.blank === true ? ['blank' as const] : []),
  ]
  if (beginnings.length > 1) throw new OptionError('--scenario, --snapshot and --blank exclude each other')
  const [from = 'fixture' as const] = beginnings
  return { name, from, ...(clock === undefined ? {} : { clock }) }
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
