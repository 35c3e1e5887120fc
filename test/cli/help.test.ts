// Help and version: how to request them, and that they are printed even when other options are not valid.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { inParallel, run } from '../program.ts'
import { contextOf } from './server.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

t.test('--version is that of the package', async t => {
  await inParallel([['--version'], ['start', '-v'], ['--nope', '-v']], async args => {
    t.match(await run(t, { args }), { code: 0, stdout: `${version}\n`, stderr: '' }, args.join(' '))
  })
})

t.test('help is printed even when other options are not valid', async t => {
  const env = { FIREDRILL_PORT: 'x', FIREDRILL_SEDE: 'y' }
  const programs: [string, RegExp][] = [
    ['help', /^Usage: firedrill \[options\]\n[\s\S]*\nCommands:\n/],
    ['-h', /^Usage: firedrill \[options\]\n[\s\S]*\nCommands:\n/],
    ['--nope --port --help', /^Usage: firedrill \[options\]\n/],
    ['start --port x -h', /^Usage: firedrill start \[options\]\n/],
  ]
  await inParallel(programs, async ([line, stdout]) => {
    t.match(await run(t, { args: line.split(' '), env }), { code: 0, stdout, stderr: '' }, line)
  })
  const say = (line: string) => runCommand(line.split(' '), contextOf(t, { env }))
  const commands: [string, RegExp][] = [
    ['help advance', /^Usage: firedrill advance \[DURATION\] \[options\]\n/],
    ['help sandbox create', /^Usage: firedrill sandbox create NAME \[options\]\n/],
    [
      'help sandbox',
      /^Usage: firedrill sandbox COMMAND\n\n {2}sandbox create +Create [\s\S]* {2}sandbox drop +Delete /,
    ],
    ['help help', /^Usage: firedrill help \[COMMAND\] \[options\]\n/],
    ['sandbox --help', /^Usage: firedrill sandbox COMMAND\n/],
    ['advance --nope --url --help', /^Usage: firedrill advance /],
    ['sandbox create too many words -h', /^Usage: firedrill sandbox create /],
    ['exec --help -- true', /^Usage: firedrill exec /],
  ]
  for (const [line, text] of commands) t.match(await say(line), { text, exitCode: 0 }, line)
  await t.rejects(say('help advnce'), { message: "Unknown command 'advnce', the nearest is advance; see --help" })
  await t.rejects(say('sandbox creat -h'), { message: /not "creat", the nearest is create; see --help$/ })
})
