// DS Cloud: an application, and the account with its applications.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { ACCOUNT, APP, bootWith, isError, KEY, OWN_APP } from './client.ts'

const get = (server: { url: string }, path: string, authorization = KEY) =>
  call(server, { path: `/v3${path}`, headers: { authorization } })

t.test('getApplication: name, owner and resources', async t => {
  const server = await boot(t)
  const { status, json } = await get(server, `/apps/${APP}`)
  t.equal(status, 200)
  t.same(json, {
    status: 'success',
    response: {
      name: 'Best bot forever',
      id: APP,
      owner: ACCOUNT,
      cluster: 'demo-1',
      ram: 1024,
      language: 'javascript',
      domain: null,
      custom: null,
    },
  })
  t.match((await get(server, `/apps/${OWN_APP}`)).json.response, { domain: 'status-page.example.com' })
})

t.test('getApplication: any plan may ask, and only for apps of the account', async t => {
  const server = await boot(t)
  const free = { key: '98765432109876543-free', app: 'f0000000000000000000000000000001' }
  t.equal((await get(server, `/apps/${free.app}`, free.key)).status, 200)
  isError(t, await get(server, `/apps/${free.app}`), 404, 'APP_NOT_FOUND')
  isError(t, await get(server, '/apps/nope'), 404, 'APP_NOT_FOUND')
  isError(t, await get(server, `/apps/${APP}`, 'nobody'), 401, 'ACCESS_DENIED')
})

t.test('getUser: the account, its plan and its applications', async t => {
  const server = await boot(t)
  const { json } = await get(server, '/users/me')
  const memory = { limit: 8192, available: 8192 - 1024 - 512, used: 1024 + 512 }
  t.same(json, {
    status: 'success',
    response: {
      user: {
        id: ACCOUNT,
        name: 'demo',
        email: 'demo@example.com',
        plan: { name: 'Titanium', memory, duration: null },
      },
      applications: [
        { id: APP, name: 'Best bot forever', cluster: 'demo-1', ram: 1024, language: 'javascript' },
        { id: OWN_APP, name: 'Status page', cluster: 'demo-1', ram: 512, language: 'javascript' },
      ],
      databases: [],
    },
  })
  isError(t, await get(server, '/users/me', ''), 401, 'ACCESS_DENIED')
})

t.test('getUser: an account without apps, and one whose apps need more than its plan has', async t => {
  const plans = [{ name: 'Small', memoryMb: 100 }]
  const accounts = [
    { apiKey: 'k', accountId: '1', plan: 'Small' },
    { apiKey: 'l', accountId: '2', plan: 'Small' },
  ]
  const server = await bootWith(t, {
    plans,
    accounts,
    apps: [{ id: 'a', accountId: '1', name: 'a', deployedAt: '-1d' }],
  })
  const memoryOf = async (key: string) => (await get(server, '/users/me', key)).json.response.user.plan.memory
  t.same(await memoryOf('k'), { limit: 100, available: 0, used: 256 })
  t.same(await memoryOf('l'), { limit: 100, available: 100, used: 0 })
})
