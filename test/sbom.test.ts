// The software bill of materials: valid CycloneDX, the same for the same parts, and refused when a licence is not allowed.
import { readFileSync } from 'node:fs'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import t from 'tap'
import { ALLOWED_LICENSES } from '../build/allowed-licenses.ts'
import { bomOf, type Part } from '../build/bom.ts'

const ROOT = { name: 'firedrill', version: '1.0.0', license: 'MIT' }
const PREACT: Part = { name: 'preact', version: '11.2.0', license: 'MIT', isBundled: true, isNpmPackage: true }
const ERROR: Part = { name: '@fastify/error', version: '4.2.1', license: 'MIT', isBundled: true, isNpmPackage: true }
const SQLITE: Part = { name: 'sqlite', version: '3.54.1', license: 'blessing', isBundled: false, isNpmPackage: false }

t.test('it is valid, and names each part with its version, licence and package URL', async t => {
  const text = bomOf(ROOT, [PREACT, ERROR, SQLITE])
  t.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null)
  const { metadata, components } = JSON.parse(text)
  t.match(metadata.component, { name: 'firedrill', version: '1.0.0', purl: 'pkg:npm/firedrill@1.0.0' })
  const bundled = [{ name: 'cdx:npm:package:bundled', value: 'true' }]
  const licenses = [{ license: { id: 'MIT' } }]
  t.match(
    components.find(({ name }: Part) => name === 'error'),
    { group: '@fastify', version: '4.2.1', purl: 'pkg:npm/%40fastify/error@4.2.1', licenses, properties: bundled },
  )
  t.match(
    components.find(({ name }: Part) => name === 'sqlite'),
    { purl: 'pkg:generic/sqlite@3.54.1', properties: undefined },
  )
})

t.test('the same parts give the same text, in any order', async t => {
  t.equal(bomOf(ROOT, [PREACT, ERROR, SQLITE]), bomOf(ROOT, [SQLITE, ERROR, PREACT]))
})

t.test('a licence that is not allowed, or missing, is refused', async t => {
  t.throws(() => bomOf(ROOT, [PREACT, { ...ERROR, license: 'GPL-3.0-only' }]), {
    message: /^these licences are not allowed: @fastify\/error 4\.2\.1 \(GPL-3\.0-only\);/,
  })
  t.throws(() => bomOf(ROOT, [{ ...PREACT, license: undefined }]), { message: /preact 11\.2\.0 \(no licence\)/ })
})

t.test('everything that npm installs with the package has an allowed licence', async t => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
  const entries = Object.entries<{ dev?: boolean; license?: string }>(lock.packages)
  const installed = entries.filter(([path, { dev = false }]) => path !== '' && !dev)
  t.ok(installed.some(([path]) => path === 'node_modules/better-sqlite3'))
  for (const [path, { license = '' }] of installed) t.ok(ALLOWED_LICENSES.includes(license), `${path}: ${license}`)
})
