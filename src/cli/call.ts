// The command that runs any control operation by its id, for those that have no command of their own.
import type { Operation } from '../control/operation.ts'
import { controlOperations } from '../control/operations.ts'
import { tableOf } from './columns.ts'
import type { Command } from './command.ts'
import { FIELDS, fieldsOf } from './fields.ts'
import { hintAt, OptionError } from './flags.ts'
import { type RemoteInput, remoteCommand } from './remote.ts'

export const callCommand: Command = remoteCommand({
  name: 'call',
  summary: 'Run a control operation by its id, as in: firedrill call countRequests method=POST',
  operations: controlOperations,
  arguments: [
    { name: 'OPERATION', isOptional: true },
    { name: FIELDS, isOptional: true, isRest: true },
  ],
  run: async (server, { words: [id, ...words], print }) => {
    if (id === undefined) return tableOf(controlOperations.map(({ id, summary }) => ({ operation: id, summary })))
    const row = controlOperations.find(each => each.id === id)
    if (!row) {
      const hint = hintAt(
        id,
        controlOperations.map(each => each.id),
      )
      throw new OptionError(`Unknown operation "${id}"${hint}; firedrill call lists all`)
    }
    const input = inputOf(row, words)
    if (row.kind === 'events') {
      await server.watch(row, input, event => print(JSON.stringify(event)))
      return ''
    }
    if (row.kind === 'file') {
      const { file, sizeBytes } = await server.download(row, input)
      return `Saved ${file}, ${sizeBytes} bytes`
    }
    return tableOf(await server.invoke(row, input))
  },
})

/** Fields that the path or the query has go there, all others into the body. Throws OptionError. */
function inputOf({ id, in: parts = {} }: Operation, words: readonly string[]): RemoteInput {
  const fields = Object.entries(fieldsOf(words, 'the input') as Record<string, unknown>)
  const textsOf = (names: readonly string[]) =>
    Object.fromEntries(fields.filter(([name]) => names.includes(name)).map(([name, value]) => [name, String(value)]))
  const [path, query] = [parts.path, parts.query].map(part => Object.keys(part?.properties ?? {}))
  const used = [...(path ?? []), ...(query ?? [])]
  const others = fields.filter(([name]) => !used.includes(name))
  const [unknown] = others
  if (unknown && !parts.body) {
    const known = used.length === 0 ? `${id} takes none` : `known fields are ${used.join(', ')}`
    throw new OptionError(`unknown field "${unknown[0]}"; ${known}`)
  }
  const body = Object.fromEntries(others)
  return { path: textsOf(path ?? []), query: textsOf(query ?? []), ...(parts.body ? { body } : {}) }
}
