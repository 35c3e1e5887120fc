// Tests that the list of fault kinds is complete, and that each kind says what it does.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { AnyFaultKind } from '../../../src/http/faults/kind.ts'
import { faultKinds } from '../../../src/http/faults/kinds/index.ts'

const folder = new URL('../../../src/http/faults/kinds/', import.meta.url)
const files = readdirSync(fileURLToPath(folder)).filter(name => name !== 'index.ts')

t.test('each file of the folder holds the one kind that it is named after, and that kind is in the list', async t => {
  const kinds: readonly AnyFaultKind[] = faultKinds
  for (const file of files) {
    const exported: object = await import(new URL(file, folder).href)
    const values = Object.values(exported)
    t.equal(values.length, 1, file)
    t.equal(values[0].name, file.replace(/\.ts$/, ''), file)
    t.ok(kinds.includes(values[0]), `${file} is in the list of kinds`)
  }
  t.equal(faultKinds.length, files.length)
})

t.test('each kind describes itself in sentences, and refuses parameters that it does not have', async t => {
  for (const { name, provokes, forms } of faultKinds) {
    t.match(provokes, /^[A-Z].{20,}\.$/, name)
    for (const form of forms) {
      t.match(form.description, /^[A-Z].{20,}\.$/, name)
      t.equal(form.additionalProperties, false, name)
      t.notOk('fault' in form.properties, name)
    }
  }
})
