// Part of the build, at its end: lists what is bundled and what is installed with the package in dist/sbom.cdx.json.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { bomOf, type Part } from './bom.ts'
import { PACKAGE_LIST } from './licenses.ts'

interface Listed {
  name: string
  version: string
  license?: string
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

/** What rolldown put into a folder. */
function bundledIn(folder: string): Part[] {
  const path = `${folder}/${PACKAGE_LIST}`
  const listed: Listed[] = read(path)
  rmSync(path)
  return listed.map(each => ({ ...each, isBundled: true, isNpmPackage: true }))
}

/** The packages that npm installs with this one, as the lock file names them. */
function installed(): Part[] {
  const entries = Object.entries<Listed & { dev?: boolean }>(read('package-lock.json').packages)
  return entries
    .filter(([path, { dev = false }]) => path !== '' && !dev)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return { name, version, license, isBundled: false, isNpmPackage: true }
    })
}

function sqlite(): Part {
  const database = new Database(':memory:')
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string
  database.close()
  return { name: 'sqlite', version, license: 'blessing', isBundled: false, isNpmPackage: false }
}

const { name, version, license }: Listed = read('package.json')
const swaggerUi: Listed = read('node_modules/swagger-ui-dist/package.json')
const parts = [
  ...bundledIn('dist'),
  ...bundledIn('dist/console'),
  { name: swaggerUi.name, version: swaggerUi.version, license: swaggerUi.license, isBundled: true, isNpmPackage: true },
  ...installed(),
  sqlite(),
]
const isSame = (one: Part, other: Part) => one.name === other.name && one.version === other.version
// A package can be in several bundles, or bundled and installed for its types.
const unique = parts.filter((part, index) => parts.findIndex(each => isSame(each, part)) === index)
writeFileSync('dist/sbom.cdx.json', bomOf({ name, version, license }, unique))
