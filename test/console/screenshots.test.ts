// The script that makes the screenshots of the documentation works, and the documentation shows all of them.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])
const MAX_BYTES = 200_000

t.test('the script makes each image that is committed', async t => {
  const folder = t.testdir()
  await promisify(execFile)(process.execPath, [join(ROOT, 'build/screenshots.ts'), folder], { cwd: ROOT })
  const names = readdirSync(folder).sort()
  t.same(names, readdirSync(join(ROOT, 'docs/images')).sort())
  for (const name of names) {
    const image = readFileSync(join(folder, name))
    t.same(image.subarray(0, PNG.length), PNG, name)
    t.ok(image.length > 10_000 && image.length <= MAX_BYTES, `${name}: ${image.length} bytes`)
  }
})

t.test('the documentation shows images that exist, and all of them', async t => {
  const guide = readFileSync(join(ROOT, 'docs/guides/console.md'), 'utf8')
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const shown = [...`${guide}${readme}`.matchAll(/images\/([\w-]+\.png)/g)].map(([, name = '']) => name)
  for (const name of shown) t.ok(existsSync(join(ROOT, 'docs/images', name)), name)
  t.same([...new Set(shown)].sort(), readdirSync(join(ROOT, 'docs/images')).sort())
})
