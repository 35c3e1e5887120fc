// An unsupported Node.js is refused in one sentence, by the library as by the command, before anything native is loaded.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { nodeProblem } from '../src/node-version.ts'

const run = promisify(execFile)
const REFUSAL = 'firedrill: needs Node.js 22.18 or newer, this is 20.20.2'

t.test('which versions are new enough', async t => {
  for (const version of ['22.18.0', '22.19.1', '23.0.0', '24.21.0']) t.equal(nodeProblem(version), undefined, version)
  for (const version of ['22.17.9', '20.20.2', '8.0.0']) {
    t.equal(nodeProblem(version), `firedrill: needs Node.js 22.18 or newer, this is ${version}`)
  }
  t.equal(nodeProblem('26.3.0', '2.9.6'), 'firedrill: needs Node.js 22.18 or newer, this is Deno 2.9.6')
  t.equal(nodeProblem(), undefined, 'the one that runs the tests')
})

t.test('start() refuses an older Node.js with the same sentence, and loads nothing native', async t => {
  const program = `
    Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
    const { start } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)})
    const error = await start().catch(error => error)
    const { Module } = await import('node:module')
    const loaded = Object.keys(Module._cache).filter(path => path.includes('better-sqlite3'))
    console.log(JSON.stringify({ message: error.message, loaded }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])
  t.same(JSON.parse(stdout), { message: REFUSAL, loaded: [] })
})

t.test('the command refuses it with exit code 1', async t => {
  const program = `
    Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
    await import(${JSON.stringify(new URL('../src/cli.ts', import.meta.url).href)})`
  const error = await run(process.execPath, ['--input-type=module', '--eval', program]).catch(error => error)
  t.match(error, { code: 1, stdout: '', stderr: `${REFUSAL}\n` })
})
