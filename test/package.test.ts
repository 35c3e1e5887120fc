// The lock file installs on a machine that has Node and npm alone, without warnings on the oldest Node that the package supports.
import { readFileSync } from 'node:fs'
import { minVersion, satisfies } from 'semver'
import t from 'tap'

interface Entry {
  resolved?: string
  integrity?: string
  gypfile?: boolean
  engines?: { node?: string }
  optionalDependencies?: Record<string, string>
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const packages: Record<string, Entry> = read('package-lock.json').packages

t.test('no compiler is asked for: better-sqlite3 carries its binaries', async t => {
  // npm 10 compiles whatever has a binding.gyp unless the lock file says this, and every npm install drops it again.
  const entry = packages['node_modules/better-sqlite3']
  t.equal(entry?.gypfile, false, 'put "gypfile": false back into its entry of package-lock.json')
  t.equal(read('package.json').allowScripts['better-sqlite3'], false, 'for npm 11')
})

t.test('the lock file covers every platform, not only the one it was written on', async t => {
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      t.ok(packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`], `${path} may need ${name}`)
    }
  }
})

t.test('everything is locked by its content, and from no particular registry', async t => {
  for (const [path, { integrity, resolved }] of Object.entries(packages)) {
    if (path === '') continue
    t.ok(integrity, path)
    t.equal(resolved, undefined, path)
  }
})

t.test('npm ci prints no warning on the Node.js that the package and the README name', async t => {
  const range: string = read('package.json').engines.node
  const oldest = minVersion(range)
  t.match(
    readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
    `Node.js ${oldest?.major}.${oldest?.minor} or newer`,
  )
  const refusing = Object.entries(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !satisfies(oldest ?? '', engines.node),
  )
  t.same(
    refusing.map(([path, { engines }]) => `${path} needs Node.js ${engines?.node}`),
    [],
  )
})
