// The documented parameters and fields of the list of application backups, and of the URL to download one.
import type { Firedrill } from '../../src/index.ts'
import { type Call, call } from '../helpers.ts'
import { testRows } from './rows.ts'

const API_KEY = '23457145698959364-demo'
const APP = '64d0c750212742ca8704fb458c9771af'
const backups = (server: Firedrill, app = APP, headers: Call['headers'] = { authorization: API_KEY }) =>
  call(server, { path: `/v3/apps/${app}/backups`, headers })
const OWN_APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'

testRows('DS Cloud, list of application backups', {
  'exclusive route for Silver and higher plans': async (t, server) => {
    t.equal((await backups(server)).status, 200)
    const free = { authorization: '98765432109876543-free' }
    t.match(await backups(server, 'f0000000000000000000000000000001', free), { status: 403 })
  },
  'Authorization, string, required: the API key for your account': async (t, server) => {
    t.match(await backups(server, APP, {}), { status: 401 })
    t.match(await backups(server, APP, { authorization: 'unknown' }), { status: 401 })
    t.match(await backups(server, APP, { authorization: API_KEY }), { status: 200 })
  },
  'app_id, string, required: the ID of the application': async (t, server) => {
    t.notSame((await backups(server, OWN_APP)).json, (await backups(server)).json)
    t.match(await backups(server, 'unknown'), { status: 404 })
  },
  'status, string: success if successful, error if not': async (t, server) => {
    t.equal((await backups(server)).json.status, 'success')
    t.equal((await backups(server, 'unknown')).json.status, 'error')
  },
  'response: the contents of the response': async (t, server) => {
    t.equal((await backups(server)).json.response.length, 3)
    for (const backup of (await backups(server)).json.response) {
      t.same(Object.keys(backup), ['name', 'size', 'modified', 'key', 'created_at', 'is_successful'])
    }
  },
  'the URL to download is https://backups.dscloud.pt/{accountID}_{name}.zip?{key}': async (t, server) => {
    const [{ name, key, size }] = (await backups(server, OWN_APP)).json.response
    const path = `/${API_KEY.split('-')[0]}_${encodeURIComponent(name)}.zip?${key}`
    const headers = { host: 'backups.dscloud.pt' }
    const answer = await call(server, { path, headers, contract: false })
    t.match(answer, { status: 200, headers: { 'content-type': 'application/zip', 'content-length': String(size) } })
    t.equal(answer.bytes.length, size)
  },
})
