// Checks the SBOM of an installed package against what is there: node test/sbom.ts FOLDER, in which npm installed the tarball.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'

interface Component {
  name: string
  group?: string
  version: string
  licenses: { license: { id: string } }[]
  properties?: { name: string; value: string }[]
}

/** These are copied into the package, and have no entry of their own in the lists of licences that rolldown makes. */
const COPIED = ['swagger-ui-dist']

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('say where the package is installed: node test/sbom.ts FOLDER')
const modules = join(folder, 'node_modules')
const dist = join(modules, 'firedrill/dist')
const text = readFileSync(join(dist, 'sbom.cdx.json'), 'utf8')
assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null)

const components: Component[] = JSON.parse(text).components
const isBundled = ({ properties = [] }: Component) => properties.some(({ name }) => name === 'cdx:npm:package:bundled')
const nameOf = ({ group, name }: Component) => (group === undefined ? name : `${group}/${name}`)
const lineOf = (each: Component) => `${nameOf(each)} ${each.version}, ${each.licenses[0]?.license.id}`

const lists = [dist, join(dist, 'console')].map(path => readFileSync(join(path, 'THIRD-PARTY-LICENSES'), 'utf8'))
const licensed = lists.flatMap(list => list.split(/^-{80}$/m).slice(1)).map(part => part.trim().split('\n')[0])
const bundled = components.filter(each => isBundled(each) && !COPIED.includes(nameOf(each)))
assert.deepEqual([...new Set(bundled.map(lineOf))].sort(), [...new Set(licensed)].sort(), 'what rolldown bundled')

const installed = readdirSync(modules).flatMap(name =>
  name.startsWith('@') ? readdirSync(join(modules, name)).map(each => `${name}/${each}`) : [name],
)
const packages = installed.filter(name => existsSync(join(modules, name, 'package.json')) && name !== 'firedrill')
const listed = components.map(nameOf)
for (const name of [...packages, ...COPIED, 'sqlite']) assert.ok(listed.includes(name), `${name} is in the SBOM`)
assert.ok(packages.includes('better-sqlite3'))
console.log(`${components.length} parts, ${bundled.length} of them bundled by rolldown`)
