// Runs every example as a user would: installs the packed tarball into an empty folder and runs `npm test` in each.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tarballFor } from '../test/install/tarball.ts'

const run = promisify(execFile)
/** Tests that fail, by the example in whose folder they run. */
const FAILING_TESTS = {
  jest: "test('fails', async () => { await fetch(firedrill.url + '/nothing'); throw new Error() })",
  vitest: `
    import { firedrill } from 'firedrill/vitest'
    import { test } from 'vitest'
    test('fails', async t => { await fetch((await firedrill(t)).url + '/nothing'); throw new Error() })`,
}

const folder = await mkdtemp(join(tmpdir(), 'firedrill-examples-'))

try {
  const names = await copyExamples(await tarballFor(folder))
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder })
  // Certifications start many processes, which would use up the time limits of the other examples.
  const certifying = names.filter(name => name.startsWith('certify-'))
  const testing = names.filter(name => !certifying.includes(name))
  const results = [...(await Promise.all(testing.map(passes))), ...(await Promise.all(certifying.map(passes)))]
  results.push(...(await Promise.all(Object.entries(FAILING_TESTS).map(showsRequests))))
  process.exitCode = results.every(Boolean) ? 0 : 1
} finally {
  await rm(folder, { recursive: true })
}

/** Replaces the checkout by the tarball; the examples are workspaces, so that one installation is enough. */
async function copyExamples(tarball: string): Promise<string[]> {
  const filter = (path: string) => !path.includes('node_modules')
  await cp(import.meta.dirname, folder, { recursive: true, filter })
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  for (const name of names) {
    const path = join(folder, name, 'package.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('file:../..', `file:${tarball}`))
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces: names }))
  return names
}

/** Prints the result as TAP, with all output of an example that fails. */
async function passes(name: string): Promise<boolean> {
  try {
    // Some of them start many processes.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, '.cache') }
    await run('npm', ['test'], { cwd: join(folder, name), env })
    process.stdout.write(`ok - ${name}\n`)
    return true
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    process.stdout.write(`${stdout}${stderr}not ok - ${name}\n`)
    return false
  }
}

/** The output of a runner shows the requests of a failed test. */
async function showsRequests([name, source]: [string, string]): Promise<boolean> {
  const cwd = join(folder, name)
  await writeFile(join(cwd, 'failing.test.js'), source)
  const { stdout = '', stderr = '' } = await run('npm', ['test', '--', 'failing'], { cwd }).catch(error => error)
  const isShown = /firedrill: the requests to sandbox 1-fails:\n.* 404 GET \/nothing /.test(stdout + stderr)
  process.stdout.write(`${isShown ? '' : `${stdout}${stderr}not `}ok - ${name}-failing\n`)
  return isShown
}
