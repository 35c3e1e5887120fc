// The options that APIs declare: all of them are options of the server, and each API gets the values of its own.
import t from 'tap'
import { apis } from '../../src/apis/index.ts'
import { apiOptions } from '../../src/apis/options.ts'
import { configFromOptions } from '../../src/config.ts'
import { valuesOf } from '../../src/option.ts'

t.test('the list for the command line is what the APIs declare; a name that two of them use is one option', async t => {
  const declared = apis.flatMap(({ options }) => Object.entries(options))
  t.same(new Set(Object.keys(apiOptions)), new Set(declared.map(([name]) => name)))
  const listed: Record<string, unknown> = apiOptions
  for (const [name, option] of declared) t.equal(listed[name], option, name)
})

t.test('an API gets the values of its own options and no others', async t => {
  const config = configFromOptions({ a9sPrepareStatus: 202, archivePassword: 'correct horse' })
  const values = Object.fromEntries(apis.map(({ name, options }) => [name, valuesOf(options, config)]))
  t.same(values, {
    'disaster-recovery-files': {
      archivePassword: 'correct horse',
      archiveSize: undefined,
      downloadPersonality: 'standard',
    },
    a9s: { a9sPrepareStatus: 202, a9sPerformStatus: 202 },
    dscloud: { archiveSize: undefined, downloadPersonality: 'standard', dscloudLimits: false },
    arcgis: {},
  })
})
