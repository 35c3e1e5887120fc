// The examples in a fresh clone: what has to be done before they run is said in one line.
import { spawnSync } from 'node:child_process'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))
const names = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []))

/** Runs what comes before an example's tests, in a folder that is installed like one. */
function prepare(cwd: string, nodeArgs: string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, join(EXAMPLES, 'ready.cjs')], {
    cwd,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** A folder with firedrill installed, which in a clone is a link to it: there is nothing in `dist` before it is built. */
function folderWith(dist: Record<string, string>) {
  const manifest = { name: 'firedrill', type: 'module', exports: { '.': { default: './dist/index.js' } } }
  return { 'package.json': '{}', node_modules: { firedrill: { 'package.json': JSON.stringify(manifest), dist } } }
}

t.test('every example asks whether it can run', t => {
  t.ok(names.includes('vitest'))
  for (const name of names) {
    const { scripts } = JSON.parse(readFileSync(join(EXAMPLES, name, 'package.json'), 'utf8'))
    t.equal(scripts.pretest, 'node ../ready.cjs', name)
  }
  t.end()
})

t.test('every example has a README that says what it needs and how it runs', t => {
  for (const name of names) {
    const text = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8')
    t.match(text, /^# /, name)
    t.match(text, /Needs [\s\S]*Node\.js 22\.18 or newer/, name)
    t.match(text.replaceAll(/\s+/g, ' '), '`npm ci && npm run build` in the root of the repository', name)
    t.match(text, /^npm i$/m, name)
  }
  t.end()
})

t.test('no file is a link, which a checkout on Windows would not have', t => {
  const files = globSync('**', { cwd: EXAMPLES, exclude: ['**/node_modules'], withFileTypes: true })
  t.ok(files.length > names.length)
  for (const { name, parentPath } of files.filter(file => file.isSymbolicLink())) t.fail(join(parentPath, name))
  t.end()
})

t.test('what has to be done first is said in one line', t => {
  t.match(prepare(t.testdir(folderWith({}))), {
    status: 1,
    stdout: '',
    stderr: /^[^\n]*npm ci && npm run build[^\n]* root of the repository[^\n]*\n$/,
  })
  const built = t.testdir(folderWith({ 'index.js': '' }))
  t.same(prepare(built), { status: 0, stdout: '', stderr: '' })
  const preload = "Object.defineProperty(process.versions, 'node', { value: '20.19.0' })"
  t.same(prepare(built, ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]), {
    status: 1,
    stdout: '',
    stderr: 'Firedrill needs Node.js 22.18 or newer, this is 20.19.0.\n',
  })
  t.end()
})
