// The generated files are what the code generates today, and the reference pages have the provenance of each operation.
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Provenance } from '../src/http/provenance.ts'
import { openapiDocument } from '../src/openapi.ts'
import { apiReferences } from './apireference.ts'
import { generatedFiles } from './generated.ts'

interface Described {
  operationId: string
  tags: string[]
  'x-variant-of'?: string
  'x-provenance'?: Provenance[]
}

for (const [path, source] of Object.entries(generatedFiles)) {
  t.test(`${path} is up to date: npm run generate`, async t => {
    t.equal(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), await source())
  })
}

t.test('docs/reference: every behaviour of an operation is listed with its own provenance', async t => {
  const { paths } = await openapiDocument('apis')
  const operations = Object.values(paths).flatMap(methods => Object.values(methods as unknown as Described[]))
  for (const [path, source] of Object.entries(apiReferences)) {
    const lines = (await source()).replaceAll('\\|', '|').replaceAll('&lt;', '<').split('\n')
    const missing: string[] = []
    for (const { tags, operationId, 'x-variant-of': id = operationId, 'x-provenance': behaviours = [] } of operations) {
      if (path !== `docs/reference/${tags[0]}.md`) continue
      for (const { behaviour, mark, source } of behaviours) {
        const from = source === undefined ? `\`${mark}\`` : `\`${mark}\` (${source})`
        const own = lines.some(line => line.startsWith(`| \`${id}\`<br>`) && line.includes(`${behaviour}: ${from}`))
        const shared = lines
          .filter(line => line.startsWith(`| ${behaviour} | ${from} | `))
          .some(line => line.endsWith(' | all |') || line.includes(' | all except ') !== line.includes(`\`${id}\``))
        if (!own && !shared) missing.push(`${id}: ${behaviour}`)
      }
    }
    t.same(missing, [], path)
  }
})
