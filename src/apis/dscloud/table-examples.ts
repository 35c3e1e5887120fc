// dscloud: how a row gets into each of its tables.
import fixture from '../../../fixtures/dscloud.json' with { type: 'json' }
import { demoRows, type TableExamples } from '../table-examples.ts'
import { DEMO } from './demo.ts'

const accounts = fixture.accounts.slice(0, 1)

export const tableExamples: TableExamples = {
  plans: demoRows(fixture, 'plans'),
  accounts: demoRows(fixture, 'accounts'),
  // Requests are counted only where the server limits them.
  usages: {
    rows: {
      accounts,
      usages: accounts.map(({ accountId }) => ({ accountId, windowStartedAt: '+0s', requests: 1 })),
    },
  },
  apps: demoRows(fixture, 'accounts', 'apps'),
  backups: {
    command: url => `curl -X POST -H 'Authorization: ${DEMO.apiKey}' '${url}/v3/apps/${DEMO.app}/backups'`,
  },
}
