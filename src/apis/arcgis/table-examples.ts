// arcgis: how a row gets into each of its tables.
import { demoRows, type TableExamples } from '../table-examples.ts'
import { DEMO, fixture } from './initial-state.ts'

const tokenRequest = (url: string) =>
  `-d 'username=${DEMO.username}&password=${DEMO.password}&f=json' '${url}/arcgis/sharing/rest/generateToken'`

/**
 * Sends a form with a token, which a first request gets. `form`: its other fields, each with `&` at its end; `options`: further
 * arguments of curl.
 */
function formRequest(path: string, form: string, options = '') {
  return (url: string) =>
    [
      `token=$(curl -s ${tokenRequest(url)} | grep -o '[^"]\\{40,\\}')`,
      `curl ${options}-d "${form}f=json&token=$token" '${url}/arcgis/${path}'`,
    ].join('\n')
}

const jsonField = (name: string, value: object) => `--data-urlencode '${name}=${JSON.stringify(value)}' `

const createTask = formRequest(
  'admin/system/tasks/createTask',
  'title=nightly&type=CreateBackup&minute=0&hour=4&dayOfMonth=?&month=*&dayOfWeek=*&',
  jsonField('parameters', { name: 'nightly', passcode: 'passcode', storeName: 'backupsDefault' }),
)

export const tableExamples: TableExamples = {
  users: demoRows(fixture, 'users'),
  tokens: { command: url => `curl ${tokenRequest(url)}` },
  stores: {
    command: formRequest(
      'admin/system/disasterrecovery/stores/register',
      'storeName=store1&isDefault=false&',
      jsonField('settings', { type: 'HOSTED', storageConfig: { provisioningType: 'DYNAMIC', size: '64Gi' } }),
    ),
  },
  backups: {
    command: formRequest(
      'admin/system/disasterrecovery/stores/backupsDefault/backups/create',
      'name=backup1&passcode=passcode&',
    ),
  },
  items: {
    command: formRequest(
      `sharing/rest/content/users/${DEMO.username}/addItem`,
      'title=Parcels&type=Feature Service&tags=land&',
    ),
  },
  settings: {
    command: formRequest(
      'admin/system/disasterrecovery/settings/update',
      '',
      jsonField('settings', { timeoutInSeconds: 7200 }),
    ),
  },
  tasks: { command: createTask },
  runs: {
    command: url =>
      `${createTask(url)}\ncurl -H 'Content-Type: application/json' -d '{"by":"1d"}' '${url}/__admin/clock/advance'`,
  },
}
