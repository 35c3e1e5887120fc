// a9s: how a row gets into each of its tables.
import fixture from '../../../fixtures/a9s.json' with { type: 'json' }
import { demoRows, type TableExamples } from '../table-examples.ts'
import { DEMO } from './demo.ts'

const backups = (url: string) => `${url}/v1/instances/${DEMO.instance}/backups`
const post = `curl -X POST -H 'Authorization: Bearer ${DEMO.token}'`

export const tableExamples: TableExamples = {
  tokens: demoRows(fixture, 'tokens'),
  instances: demoRows(fixture, 'instances'),
  backups: { command: url => `${post} '${backups(url)}'` },
  restores: {
    command: url =>
      [
        `id=$(${post} -s '${backups(url)}' | grep -o '[0-9]\\+' | head -1)`,
        `curl -X POST '${url}/__admin/clock/run-until-idle'`,
        `${post} "${backups(url)}/$id/restore"`,
      ].join('\n'),
  },
}
