// Writes docs/reference/options.md and docs/reference/commands.md from the table of options and the rows of the commands.
import { type Row, usageOf } from '../src/cli/command.ts'
import type { Flag } from '../src/cli/flags.ts'
import { rows } from '../src/cli/table.ts'
import { optionFlags, switchFlags } from '../src/config.ts'

export function optionReference(): string {
  const lines = Object.entries<Flag>(optionFlags).map(
    ([name, flag]) => `| \`${flagText(name, flag)}\` | \`${flag.env}\` | ${cell(flag.help)} |`,
  )
  const switches = Object.entries<Flag>(switchFlags).map(
    ([name, flag]) => `| ${spellings(name, flag)} | ${cell(flag.help)} |`,
  )
  return [
    '<!-- Generated from src/config.ts by `npm run generate`; do not edit. -->',
    '# Options',
    '',
    'Options of the server are given on the command line, as variables in the environment, in [`firedrill.config.json`](config-file.md), or to `start()`. In the file and in',
    '`start()` they are written in camel case (`jobSpeed` for `--job-speed`); `config.schema.json` is the JSON Schema of the file. The command line comes',
    'before the environment, and both before the file. Defaults are in brackets.',
    '',
    'The server does not start with an invalid option; one line says which and why. A variable whose name is almost that of an option is',
    'refused, too. The variables that Kubernetes sets for a Service called `firedrill` (`FIREDRILL_SERVICE_HOST`, `FIREDRILL_PORT=tcp://…`)',
    'are ignored.',
    '',
    '| option | variable | |',
    '|---|---|---|',
    ...lines,
    '',
    'Only on the command line:',
    '',
    '| option | |',
    '|---|---|',
    ...switches,
    '',
  ].join('\n')
}

export function commandReference(): string {
  return [
    '<!-- Generated from the rows of the commands by `npm run generate`; do not edit. -->',
    '# Commands',
    '',
    'The same as `firedrill help` prints. `firedrill` without a command starts the server.',
    '',
    '| command | |',
    '|---|---|',
    ...rows.map(({ name, summary }) => `| [\`${name}\`](#${name.replace(' ', '-')}) | ${cell(summary)} |`),
    ...rows.flatMap(commandSection),
    '',
  ].join('\n')
}

function commandSection(row: Row): string[] {
  const { name, summary, flags, operations = [] } = row
  const links = operations.map(({ id }) => `[${id}](control.md#${id.toLowerCase()})`)
  return [
    '',
    `## ${name}`,
    '',
    `\`firedrill ${usageOf(row)}\``,
    '',
    `${cell(summary)}.`,
    ...(links.length === 0 ? [] : ['', `Uses ${links.join(', ')}.`]),
    ...flagSection(flags),
  ]
}

/** Not the options of the server, which several commands have: they are on a page of their own. */
function flagSection(flags: Row['flags']): string[] {
  const own = Object.entries<Flag>(flags).filter(
    ([name, { help }]) => optionFlags[name]?.help !== help && !Object.hasOwn(switchFlags, name),
  )
  const isServer = Object.keys(optionFlags).every(name => Object.hasOwn(flags, name))
  const lines = own.map(
    ([name, flag]) =>
      `| \`${flagText(name, flag)}\` | ${flag.env === undefined ? '' : `\`${flag.env}\``} | ${cell(flag.help)} |`,
  )
  return [
    ...(lines.length === 0 ? [] : ['', '| option | variable | |', '|---|---|---|', ...lines]),
    ...(isServer ? ['', 'It has the [options](options.md) of the server.'] : []),
  ]
}

function flagText(name: string, { value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function spellings(name: string, { short }: Flag): string {
  return [`\`--${name}\``, ...(short === undefined ? [] : [`\`-${short}\``])].join(', ')
}

/** As the text of a cell, in which `|`, `<` and `*` would mean something else. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')
}
