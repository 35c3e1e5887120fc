// What can be checked here of Windows and macOS: npm scripts, names of files, paths, and how commands are started and ended.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { run } from './program.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface TrackedFile {
  mode: string
  path: string
}

/** The files of the repository, also those that are not committed yet. */
const tracked: TrackedFile[] = execFileSync('git', ['ls-files', '--stage', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter(line => line !== '')
  .map(line => ({ mode: line.slice(0, 6), path: line.slice(line.indexOf('\t') + 1) }))

t.test('npm scripts run in any shell', t => {
  const manifests = tracked.filter(({ path }) => basename(path) === 'package.json')
  const bins = readdirSync(join(ROOT, 'node_modules/.bin'))
  // Of tools that the examples install themselves.
  const known = ['node', 'npm', 'firedrill', 'tap', 'jest', 'vitest', 'playwright', 'pytest', ...bins]
  t.ok(manifests.length > 3)
  for (const { path } of manifests) {
    const { scripts = {} } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { scripts?: Record<string, string> }
    for (const [name, script] of Object.entries(scripts)) {
      t.notMatch(script, /['`$;|<>*?()\\]|(?<!&)&(?!&)/, `${path}: ${name} has no syntax of one shell`)
      for (const command of script.split('&&')) {
        const [program = ''] = command.trim().split(' ')
        t.ok(known.includes(program) && program !== 'exec', `${path}: ${name} starts ${program}`)
      }
    }
  }
  t.end()
})

t.test('the repository can be checked out on Windows and on file systems that ignore case', t => {
  const seen = new Map<string, string>()
  for (const { mode, path } of tracked) {
    const problems = [
      ...(mode === '120000' ? ['is a symbolic link'] : []),
      ...(/[<>:"|?*\\]/.test(path) ? ['has a character that Windows does not allow'] : []),
      ...(/(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i.test(path) ? ['has a name that Windows reserves'] : []),
      ...(/[. ](\/|$)/.test(path) ? ['ends with a dot or a space'] : []),
      ...(path.length > 160 ? ['is too long'] : []),
      ...(seen.has(path.toLowerCase()) ? [`differs from ${seen.get(path.toLowerCase())} only in case`] : []),
    ]
    seen.set(path.toLowerCase(), path)
    if (problems.length > 0) t.fail(`${path} ${problems.join(', ')}`)
  }
  t.ok(seen.size > 500)
  const withReturns = execFileSync('git', ['ls-files', '--eol'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter(line => /^i\/(crlf|mixed)/.test(line))
  t.same(withReturns, [], 'line feeds only')
  t.end()
})

t.test('code has no paths of one system', t => {
  const sources = tracked.filter(({ path }) =>
    /^(src|schemas|build|bench|test|examples)\/.*\.(ts|tsx|js|mjs|cjs)$/.test(path),
  )
  for (const { path } of sources) {
    if (path === 'test/platforms.test.ts' || !existsSync(join(ROOT, path))) continue
    const code = readFileSync(join(ROOT, path), 'utf8')
    // It is `/C:/folder` on Windows, and has %20 for a space.
    t.notMatch(code, /import\.meta\.url\)\.pathname/, `${path}: use fileURLToPath`)
    if (path.startsWith('src/'))
      t.notMatch(code, /['"`]\/(tmp|dev|etc|usr|var|bin)\//, `${path}: a folder of POSIX systems`)
  }
  t.end()
})

/** Except for the native module, of which only the one for this system can be loaded. A stack also has this text, as a URL. */
const PRETEND = `
  const system = process.platform
  const platform = () => (new Error().stack.includes('better' + '-sqlite3') ? system : 'win32')
  Object.defineProperty(process, 'platform', { get: platform })`
const asWindows = ['--import', `data:text/javascript,${encodeURIComponent(PRETEND)}`]

t.test('Windows: exec finds npm.cmd, and starts it through the command processor with quoted arguments', async t => {
  const folder = t.testdir({ 'npm.CMD': '', processor: '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 5\n' })
  chmodSync(join(folder, 'processor'), 0o755)
  const env = { PATH: folder, PATHEXT: '.EXE;.CMD', comspec: join(folder, 'processor') }
  const ended = await run(t, { args: ['exec', '--', 'npm', 'run', 'a b & c'], nodeArgs: asWindows, env })
  t.same(ended.stdout.trimEnd().split('\n'), ['/d', '/s', '/c', '"npm ^"run^" ^"a^ b^ ^&^ c^""'])
  t.match(ended, { code: 5, stderr: '' })
})

t.test('Windows: a client is ended together with what it started', async t => {
  const folder = t.testdir({
    // Windows finds the one that ends in .EXE; this system starts the other.
    'taskkill.EXE': '',
    taskkill: '#!/bin/sh\necho "$@" >"$0.log"\nkill -9 "$2"\n',
    'client.EXE': t.fixture('symlink', process.execPath),
  })
  for (const name of ['taskkill', 'taskkill.EXE']) chmodSync(join(folder, name), 0o755)
  const script = `
    const { runClient } = await import(${JSON.stringify(new URL('../src/certify/process.ts', import.meta.url).href)})
    const command = [${JSON.stringify(join(folder, 'client.EXE'))}, '--eval', 'process.stdin.resume(); setInterval(() => {}, 1e6)']
    console.log(JSON.stringify(await runClient({ command, env: process.env, timeLimitMs: 300 })))`
  const stdout = execFileSync(process.execPath, [...asWindows, '--input-type=module', '--eval', script], {
    env: { PATH: folder, PATHEXT: '.EXE' },
    encoding: 'utf8',
    timeout: 30_000,
  })
  t.match(JSON.parse(stdout), { timedOut: true, signal: 'SIGKILL' })
  t.match(readFileSync(join(folder, 'taskkill.log'), 'utf8'), /^\/pid \d+ \/T \/F\n$/)
})
