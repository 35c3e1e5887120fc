// The check that runs before the tests: quiet, installing, or one line for each tool that is missing.
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { TOOLS } from './tool-list.ts'

const PROGRAM = fileURLToPath(new URL('tools.ts', import.meta.url))

/** A folder of commands that is all of the PATH. */
function folderOf(t: Test, commands: Record<string, string>): string {
  const folder = t.testdir({})
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

function check(folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { env: { PATH: folder }, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const allBut = (...names: string[]) =>
  Object.fromEntries(TOOLS.filter(({ command }) => !names.includes(command)).map(({ command }) => [command, '']))

t.test('quiet when all is there', async t => {
  t.same(check(folderOf(t, allBut())), { status: 0, stdout: '', stderr: '' })
})

t.test('one line for each that is missing, where nothing can be installed', async t => {
  const { status, stderr } = check(folderOf(t, allBut('7zz', 'curl')))
  t.equal(status, 1)
  t.equal(
    stderr,
    'The tests need 7zz, which is not installed: sudo apt-get install 7zip\n' +
      'The tests need curl, which is not installed: sudo apt-get install curl\n',
  )
})

t.test('a file that cannot be run is no tool', async t => {
  const folder = folderOf(t, allBut())
  chmodSync(join(folder, 'unzip'), 0o644)
  // The super-user may run only what somebody may.
  t.match(check(folder), { status: 1, stderr: /^The tests need unzip/ })
})

t.test('what is missing is installed, where that can be done', async t => {
  const folder = folderOf(t, {
    ...allBut('7zz', 'unzip'),
    sudo: 'shift; exec "$@"',
    true: '',
    'apt-get': `[ "$1" = update ] && exit; echo "$@" > "$0.log"; /bin/ln -s curl "\${0%/*}/7zz"; /bin/ln -s curl "\${0%/*}/unzip"`,
  })
  t.same(check(folder), { status: 0, stdout: '', stderr: 'Installing what the tests need: 7zip, unzip\n' })
  t.ok(readdirSync(folder).includes('apt-get.log'))
  t.match(check(folder), { status: 0, stderr: '' }, 'once')
})

t.test('an installation that fails says so, and what is still missing', async t => {
  const folder = folderOf(t, {
    ...allBut('7zz', 'curl'),
    sudo: 'shift; exec "$@"',
    true: '',
    'apt-get': '[ "$1" = update ] && exit; echo no route to host >&2; exit 100',
  })
  symlinkSync('unzip', join(folder, 'curl'))
  const { status, stderr } = check(folder)
  t.equal(status, 1)
  t.match(stderr, /^Installing what the tests need: 7zip\n.*apt-get install .*7zip failed:\nno route to host\n/)
  t.match(stderr, /\nThe tests need 7zz, which is not installed: sudo apt-get install 7zip\n$/)
})
