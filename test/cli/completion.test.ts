// Shell completion: the scripts have all commands and options; the one for bash is run.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { rows } from '../../src/cli/table.ts'
import { contextOf } from './server.ts'

async function script(shell: string): Promise<string> {
  const { text } = await runCommand(['completion', shell], contextOf(t))
  return text
}

const firsts = [...new Set(rows.map(({ name }) => name.split(' ')[0] as string))]

t.test('bash completes the words typed so far', async t => {
  const folder = t.testdir({ firedrill: await script('bash'), 'state.json': '{}', 'my folder': {} })
  // As bash calls it: with the words so far, of which the last is not finished.
  const simulation = `source ./firedrill
    complete -p firedrill >/dev/null
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _firedrill; printf '%s\\n' "\${COMPREPLY[@]}"`
  const complete = (...typed: string[]) =>
    execFileSync('bash', ['--norc', '-euc', simulation, 'bash', 'firedrill', ...typed], {
      cwd: folder,
      encoding: 'utf8',
    })
      .split('\n')
      .filter(word => word !== '')
  t.same(
    complete('').filter(word => !word.startsWith('-')),
    firsts,
  )
  t.same(complete('adv'), ['advance'])
  t.same(complete('sandbox', ''), ['create', 'list', 'drop'])
  t.same(complete('sandbox', 'd'), ['drop'])
  t.same(complete('sandbox', 'create', 'mine', '--s'), ['--scenario', '--snapshot'])
  t.same(complete('advance', '--u'), ['--until-idle', '--url'])
  t.same(complete('advance', '--url', ''), [], 'any value is possible')
  t.same(complete('--sandbox', 'advance', 'clock', '--m'), ['--mode'], 'the value of an option is not a command')
  t.same(complete('completion', ''), ['bash', 'zsh', 'fish', '--help'])
  t.same(complete('help', 'adv'), ['advance'])
  t.same(complete('state', 'import', 'sta'), ['state.json'])
  t.same(complete('--data', 'my'), ['my folder'])
  t.same(complete('--fixtures', 'sta'), ['state.json'])
  t.same(complete('exec', '--seed', 'x', '--se'), ['--seed'])
  t.same(complete('exec', '--har', 'sta'), ['state.json'], 'the same option takes a value with one command')
  t.same(complete('exec', '--har', 'requests', '--repo'), ['--report'])
  t.same(complete('requests', '--har', '--li'), ['--limit'], 'and none with another')
  t.ok(complete('exec', '--', 'ech').includes('echo'), 'a command of the shell')
  t.same(complete('nonsense', '--js'), ['--json'])
})

t.test('every shell has every command and every option', async t => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = await script(shell)
    for (const { name, flags } of rows) {
      const words = name.split(' ')
      for (const word of words) t.match(text, new RegExp(`\\b${word}\\b`), `${shell}: ${name}`)
      for (const flag of Object.keys(flags))
        t.match(text, new RegExp(`-l ${flag} |--${flag}\\b`), `${shell}: --${flag}`)
    }
  }
})

t.test('quotes and brackets in the help are escaped', async t => {
  for (const shell of ['zsh', 'fish']) {
    const code = (await script(shell)).replace(/\\['[\]:\\]/g, '')
    for (const line of code.split('\n').filter(each => !each.trimStart().startsWith('#'))) {
      t.equal((line.match(/'/g)?.length ?? 0) % 2, 0, `${shell}: ${line.slice(0, 60)}`)
    }
  }
})

t.test('only known shells', async t => {
  for (const typed of [['completion'], ['completion', 'ksh']]) {
    await t.rejects(runCommand(typed, contextOf(t)), { message: /bash.*zsh.*fish/ }, typed.join(' '))
  }
})

t.test('the program prints the script', async t => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const printed = execFileSync(process.execPath, [cli, 'completion', 'bash'], { encoding: 'utf8' })
  t.equal(printed, `${await script('bash')}\n`)
  const path = join(t.testdir({ firedrill: printed }), 'firedrill')
  execFileSync('bash', ['-n', path])
})
