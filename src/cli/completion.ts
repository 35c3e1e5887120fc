// Prints a script with which a shell completes command lines, generated from the table of commands.
import type { Command, Row } from './command.ts'
import { bashScript } from './shells/bash.ts'
import { fishScript } from './shells/fish.ts'
import { vocabularyOf } from './shells/vocabulary.ts'
import { zshScript } from './shells/zsh.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }
type Shell = keyof typeof scripts

export function completionCommand(rows: () => readonly Row[]): Command {
  return {
    name: 'completion',
    summary: 'Print a completion script for a shell, as in: source <(firedrill completion bash)',
    arguments: [{ name: 'SHELL', choices: Object.keys(scripts) }],
    flags: {},
    async run({ words: [shell] }) {
      return { text: scripts[shell as Shell](vocabularyOf(rows())).trimEnd(), exitCode: 0 }
    },
  }
}
