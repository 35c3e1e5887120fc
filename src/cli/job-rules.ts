// The commands about job rules: add them, list them and remove them.
import type * as wire from '../../schemas/control.ts'
import * as rows from '../control/jobs/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { FIELDS, fieldsOf } from './fields.ts'
import { OptionError } from './flags.ts'
import { remoteCommand, type Server } from './remote.ts'

export const jobRuleCommands: Command[] = [
  remoteCommand({
    name: 'job-rule',
    operations: [rows.addJobRule, rows.removeJobRule, rows.clearJobRules],
    summary:
      'Add a rule for the jobs of an operation, as in: firedrill job-rule operation=createBackup speed=0.1 times=1',
    arguments: [{ name: FIELDS, isOptional: true, isRest: true }],
    flags: {
      remove: { value: 'ID', help: 'remove one rule' },
      clear: { value: undefined, help: 'remove all rules' },
    },
    run: jobRule,
  }),
  remoteCommand({
    name: 'job-rules',
    operations: [rows.listJobRules],
    summary: 'List the job rules, and how many jobs each was applied to',
    run: async server => rulesText(await server.invoke(rows.listJobRules)),
  }),
]

async function jobRule(server: Server, { words, given }: Call): Promise<string> {
  const remove = textOf(given, 'remove')
  const ways = [words.length > 0, remove !== undefined, given.clear === true].filter(Boolean)
  if (ways.length !== 1) throw new OptionError('job-rule takes exactly one of RULE, --remove and --clear')
  if (given.clear === true) {
    await server.invoke(rows.clearJobRules)
    return 'All job rules removed'
  }
  if (remove !== undefined) {
    await server.invoke(rows.removeJobRule, { path: { id: remove } })
    return `Removed job rule ${remove}`
  }
  return rulesText([await server.invoke(rows.addJobRule, { body: fieldsOf(words, 'RULE') })])
}

function rulesText(rules: wire.JobRule[]): string {
  if (rules.length === 0) return 'No job rules'
  return columns(
    rules.map(({ id, operation, used, times, profile, ...fields }) => [
      id,
      operation,
      `${used} of ${times ?? 'all'} jobs`,
      profile === undefined ? '-' : `profile ${profile}`,
      Object.entries(fields)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ]),
  )
}
