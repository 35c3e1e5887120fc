// The guide to certification is correct: its drill can be run, and its options and files are those that exist.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { certifyCommand } from '../../src/cli/certify.ts'
import { boot } from '../helpers.ts'
import { careful, hasty } from './clients.ts'

const guide = readFileSync(new URL('../../docs/guides/certify.md', import.meta.url), 'utf8')

t.test('the drill that the guide shows is valid, and tells clients apart', async t => {
  const [document = ''] = [...guide.matchAll(/```json\n(.*?)```/gs)].flatMap(([, text = '']) =>
    text.includes('"requirements"') ? [text] : [],
  )
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-guide-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'mine.json')
  writeFileSync(file, document)
  const server = await boot(t)
  const verdictOf = async (command: readonly string[]) => (await server.certify({ command, drills: file })).verdict
  t.same(await Promise.all([verdictOf(careful), verdictOf(hasty)]), ['passed', 'failed'])
})

t.test('the smallest client of the guide passes', async t => {
  const [, script = ''] = /-- sh -c '([^']*curl[^']*)'\n```/.exec(guide) ?? []
  const server = await boot(t)
  const { verdict } = await server.certify({ command: ['sh', '-c', script], drills: 'no-retry-403' })
  t.equal(verdict, 'passed')
})

t.test('every option of the command is described', async t => {
  for (const name of Object.keys(certifyCommand.flags)) t.ok(guide.includes(`\`--${name}`), name)
})
