// The page on troubleshooting has an entry for every message in the sources, and no entry that fits none.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { configFromCommandLine } from '../../src/config.ts'
import { catalogue } from '../../src/control/errors.ts'
import { nodeProblem } from '../../src/node-version.ts'
import { contextOf } from '../cli/server.ts'
import { pageText, ROOT } from './pages.ts'

/** Stands for a value in a message. */
const VALUE = '…'
const ERRORS = /new (?:OptionError|CommandError|Refusal|StoreError|FixtureError|ClientStartError)\(/g

/** In the order of the page; each begins a row, alone or after a status. */
const entries = [...pageText('docs/troubleshooting.md').matchAll(/^\| (?:\d{3} \| )?`(.+?)` \| .+ \|$/gm)].map(
  ([, message = '']) => message,
)

/** The texts of the string literals from `start` to the end of the parentheses that are open there. */
function literalsIn(source: string, start: number): string[] {
  const texts: string[] = []
  const token = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|[()]/g
  token.lastIndex = start
  for (let depth = 1; depth > 0; ) {
    const found = token.exec(source)
    if (found === null) throw new Error('a call is not closed')
    const [text, single, double, template] = found
    if (text === '(') depth += 1
    else if (text === ')') depth -= 1
    else texts.push(single ?? double ?? (template ?? '').replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, VALUE))
  }
  return texts
}

/** The messages of errors in the sources, with `…` for values. Those without words only put two texts together. */
function messagesInSources(): string[] {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter(file => !file.startsWith('src/console'))
  const all = files.flatMap(file => {
    const source = readFileSync(join(ROOT, file), 'utf8')
    return [...source.matchAll(ERRORS)].map(({ 0: call, index }) => {
      const [first = '', ...rest] = literalsIn(source, index + call.length)
      return call === 'new Refusal(' ? rest.join('') : [first, ...rest].join('')
    })
  })
  return [...new Set(all)].filter(message => /[a-z]/i.test(message.replaceAll(VALUE, '')) && message.includes(' '))
}

/** `…` in an entry stands for anything, also for nothing. */
function fits(entry: string, message: string): boolean {
  const pattern = entry.split(VALUE).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(message)
}

const hasEntry = (message: string) => entries.some(entry => fits(entry, message))

t.test('every message in the sources has an entry', async t => {
  const messages = messagesInSources()
  t.ok(messages.length > 150)
  t.same(
    messages.filter(message => !hasEntry(message)),
    [],
  )
})

t.test('every message of the control API that has no cause of its own has an entry', async t => {
  for (const { message } of Object.values(catalogue.rows)) t.ok(hasEntry(message), message)
})

t.test('every entry is in the sources', async t => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map(file => readFileSync(join(ROOT, file), 'utf8'))
  const text = sources.join('\n').replace(/['"`] \+\s*['"`]/g, '')
  const longest = (entry: string) => entry.split(VALUE).toSorted((a, b) => b.length - a.length)[0] ?? ''
  t.same(
    entries.filter(entry => !text.includes(longest(entry))),
    [],
  )
})

t.test('no entry fits messages of any kind, and there are no two of the same', async t => {
  t.ok(entries.length > 100)
  t.same(
    entries.filter(entry => fits(entry, 'something else is wrong')),
    [],
  )
  t.same(entries.length, new Set(entries).size)
})

t.test('messages that users get have an entry', async t => {
  const messageOf = async (run: () => unknown): Promise<string> => {
    try {
      await run()
    } catch (error) {
      return (error as Error).message
    }
    return 'it does not fail'
  }
  const command = (line: string) => () => runCommand(line.split(' '), contextOf(t, { env: {} }))
  const messages = [
    await messageOf(() => configFromCommandLine(['--port', 'x'], {})),
    await messageOf(() => configFromCommandLine(['--prot', '1'], {})),
    await messageOf(() => configFromCommandLine([], { FIREDRILL_SEDE: 'x' })),
    await messageOf(command('advnce 5m')),
    await messageOf(command('advance 5m --to 2026-06-10T12:00:00Z')),
    await messageOf(command('exec')),
    await messageOf(command('sandbox creat t1')),
    await messageOf(command('clock --url http://127.0.0.1:1')),
    nodeProblem('20.0.0')?.replace('firedrill: ', '') ?? '',
  ]
  for (const message of messages) t.ok(hasEntry(message), message)
})
