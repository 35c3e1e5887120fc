// The generated files are what the code generates today.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { generatedFiles } from './generated.ts'

for (const [path, source] of Object.entries(generatedFiles)) {
  t.test(`${path} is up to date: npm run generate`, async t => {
    t.equal(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), await source())
  })
}
