// The command that repeats a run, and which drills are chosen by a text.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { replayCommand } from '../../src/certify/replay.ts'
import { readSelection } from '../../src/certify/selection.ts'
import { Refusal } from '../../src/index.ts'

/** The words of a command line as a shell reads them. */
function wordsOf(line: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

t.test('a shell reads the words of the run from its command', async t => {
  const command = ['node', 'a b.js', "it's", '$(id)', '*', '', 'x=1', '-v', 'ü\n']
  t.same(wordsOf(replayCommand({ command, seed: 'a seed', timeScale: 20 }, 'retry-*')), [
    ...['firedrill', 'certify', '--drills', 'retry-*', '--seed', 'a seed', '--time-scale', '20', '--'],
    ...command,
  ])
  t.equal(replayCommand({ command: ['./client'], seed: 's' }, undefined), 'firedrill certify --seed s -- ./client')
})

t.test('drills are ids, wildcards and files', async t => {
  const folder = t.testdir({ 'one.json': '{"id":"one"}', 'bad.json': '{' })
  const file = join(folder, 'one.json')
  t.same(await readSelection(undefined), { drills: undefined, documents: [], files: new Map() })
  t.same(await readSelection('retry-*, lost-answer'), {
    drills: 'retry-*,lost-answer',
    documents: [],
    files: new Map(),
  })
  t.same(await readSelection(`a,${file}`), { drills: 'a', documents: [{ id: 'one' }], files: new Map([['one', file]]) })
  t.match(await readSelection(file), { drills: undefined })
  for (const name of ['bad.json', 'missing.json']) {
    const error: unknown = await readSelection(join(folder, name)).catch(reason => reason)
    t.ok(error instanceof Refusal, name)
    t.match(error, { message: /^The drill .+ cannot be read: .+/ })
  }
})
