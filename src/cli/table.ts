// The table of commands, from which dispatch, help and shell completion are made.
import { optionFlags, switchFlags } from '../config.ts'
import { callCommand } from './call.ts'
import { certifyCommand } from './certify.ts'
import { clockCommands } from './clock.ts'
import type { Command, Row } from './command.ts'
import { completionCommand } from './completion.ts'
import { drillCommands } from './drills.ts'
import { execCommand } from './exec.ts'
import { faultCommands } from './faults.ts'
import { helpCommand } from './help.ts'
import { jobRuleCommands } from './job-rules.ts'
import { jobCommands } from './jobs.ts'
import { readyCommand } from './ready.ts'
import { requestCommands } from './requests.ts'
import { sandboxCommands } from './sandboxes.ts'
import { searchCommand } from './search.ts'

/** The server itself, which is started by cli.ts without loading the commands. */
const startRow: Row = {
  name: 'start',
  summary: 'Start the server, as firedrill does without a command',
  arguments: [],
  flags: { ...optionFlags, ...switchFlags },
}

export const commands: readonly Command[] = [
  execCommand,
  certifyCommand,
  searchCommand,
  ...clockCommands,
  ...jobCommands,
  ...jobRuleCommands,
  ...faultCommands,
  ...requestCommands,
  ...sandboxCommands,
  ...drillCommands,
  readyCommand,
  callCommand,
  completionCommand(() => rows),
  helpCommand(() => rows),
]

export const rows: readonly Row[] = [startRow, ...commands]
