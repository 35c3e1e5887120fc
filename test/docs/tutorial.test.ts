// The tutorial works: its files are saved and its commands are run in their order, and they print what the page says.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { boot } from '../helpers.ts'
import { pageText, ROOT } from './pages.ts'

/** What the page asks of its reader, in its order. */
type Step =
  | { kind: 'command'; script: string; mustFail: boolean }
  | { kind: 'output'; lines: string[] }
  | { kind: 'save' | 'append' | 'replace'; text: string; file: string }

const DEFAULT_URL = 'http://127.0.0.1:8420'

function stepsOf(page: string): Step[] {
  const blocks = page.matchAll(/([^\n]*)\n\n?(?:<!-- (not run|fails)[^\n]* -->\n)?```(sh|js|text)\n([\s\S]*?)```/g)
  const steps: Step[] = []
  for (const [whole, , mark, language, text = ''] of blocks) {
    if (mark === 'not run') continue
    if (language === 'sh') steps.push({ kind: 'command', script: text, mustFail: mark === 'fails' })
    else if (language === 'text') steps.push({ kind: 'output', lines: text.trim().split('\n') })
    else steps.push(fileStep(page.slice(0, page.indexOf(whole) + whole.indexOf('```')), text))
  }
  return steps
}

/** The paragraph above a file says what to do with it: save, add to or replace. */
function fileStep(before: string, text: string): Step {
  const paragraph = before.trimEnd().split('\n\n').at(-1) ?? ''
  const [file] = /(?<=`)restore[\w.]*\.js(?=`)/.exec(paragraph) ?? ['restore.test.js']
  if (/^Save /.test(paragraph)) return { kind: 'save', file, text }
  if (/^Replace /.test(paragraph)) return { kind: 'replace', file, text }
  return { kind: 'append', file, text }
}

/** What the installation of the page leaves: a folder with the package, here that of the sources. */
function install(folder: string): void {
  const link = (path: string) => pathToFileURL(join(ROOT, path)).href
  const files = {
    'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test' } }),
    'node_modules/firedrill/package.json': JSON.stringify({
      name: 'firedrill',
      type: 'module',
      exports: { './node-test': './node-test.js' },
    }),
    'node_modules/firedrill/node-test.js': `export * from '${link('src/testing/node-test.ts')}'\n`,
    'node_modules/.bin/firedrill': `#!/bin/sh\nexec node '${join(ROOT, 'src/cli.ts')}' "$@"\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text, { mode: 0o755 })
  }
}

t.test('the tutorial works from its first to its last block', async t => {
  const steps = stepsOf(pageText('docs/tutorial.md'))
  t.ok(steps.filter(({ kind }) => kind === 'command').length >= 6)
  t.ok(
    steps.some(step => step.kind === 'command' && step.mustFail),
    'the restore fails once',
  )
  const server = await boot(t)
  const folder = t.testdir({})
  install(folder)
  // One shell for all blocks would have to be fed by hand; the only variable that they share is put before each.
  const [variables = ''] = /^instances=.*$/m.exec(pageText('docs/tutorial.md')) ?? []
  const run = (script: string) =>
    new Promise<{ failed: boolean; output: string }>(resolve => {
      const text = `set -e\n${variables}\n${script}`.replaceAll(DEFAULT_URL, server.url)
      const { NODE_TEST_CONTEXT: _, ...env } = process.env
      const PATH = [dirname(process.execPath), env.PATH].join(delimiter)
      const own = { ...env, PATH, FIREDRILL_URL: server.url }
      execFile('bash', ['-c', text], { cwd: folder, env: own }, (error, stdout, stderr) => {
        resolve({ failed: error !== null, output: stdout + stderr })
      })
    })
  let output = ''
  for (const step of steps) {
    if (step.kind === 'command') {
      const result = await run(step.script)
      output = result.output
      t.equal(result.failed, step.mustFail, step.script, { output: output.slice(-2000) })
    } else if (step.kind === 'output') {
      for (const line of step.lines) t.ok(output.includes(line), line, { output: output.slice(-2000) })
    } else {
      const path = join(folder, step.file)
      writeFileSync(path, { save: added, append: appended, replace: replaced }[step.kind](path, step.text))
    }
  }
})

function added(_path: string, text: string): string {
  return text
}

function appended(path: string, text: string): string {
  return `${readFileSync(path, 'utf8')}\n${text}`
}

/** The new text takes the place of the first two functions. */
function replaced(path: string, text: string): string {
  const old = readFileSync(path, 'utf8')
  return `${text}\n${old.slice(old.indexOf('function post('))}`
}
