// arcgis: Esri's client for JavaScript, @esri/arcgis-rest-request, signs in and sends requests, in each way that it offers.
import {
  ApiKeyManager,
  ArcGISAuthError,
  ArcGISIdentityManager,
  ArcGISRequestError,
  ArcGISTokenRequestError,
  type IRequestOptions,
  request,
} from '@esri/arcgis-rest-request'
import t, { type Test } from 'tap'
import { boot } from '../../helpers.ts'
import { GENERATE, post, tokenOf } from './client.ts'

const siteadmin = { username: 'siteadmin', password: 'siteadmin.pass1' }
const BACKUPS = 'system/disasterrecovery/stores/backupStore/backups'

/** The client compares when tokens expire with the time of the machine, so the server's clock is real. */
async function start(t: Test) {
  // The client warns about tokens that are passed as text.
  t.capture(console, 'warn')
  const server = await boot(t, { clock: 'real' })
  const context = `${server.url}/arcgis`
  const portal = `${context}/sharing/rest`
  const admin = `${context}/admin`
  /** The requests that the server received, in order: method, path without the context. */
  const received = () =>
    server.default.requests
      .list()
      .requests.toReversed()
      .map(({ request: { method, url } }) => `${method} ${url.split('?')[0]?.replace('/arcgis', '')}`)
  return { server, portal, admin, received }
}

type Started = Awaited<ReturnType<typeof start>>

const failure = async (sent: Promise<unknown>) =>
  sent.then(
    () => undefined,
    error => error,
  )

async function generateToken(server: Started['server']) {
  return (await post(server, GENERATE, { ...siteadmin, expiration: 60 })).json
}

/** Every way to authenticate requests to the Administrator API. */
const WAYS: Record<string, (started: Started) => Promise<IRequestOptions>> = {
  'a token as text': async ({ server }) => ({ authentication: await tokenOf(server) }),
  'a token as a parameter': async ({ server }) => ({ params: { token: await tokenOf(server) } }),
  'ArcGISIdentityManager that signs in when it is first used': async ({ portal }) => ({
    authentication: new ArcGISIdentityManager({ ...siteadmin, portal }),
  }),
  'ArcGISIdentityManager.signIn': async ({ portal }) => ({
    authentication: await ArcGISIdentityManager.signIn({ ...siteadmin, portal }),
  }),
  'ArcGISIdentityManager.fromToken': async ({ server, portal }) => {
    const { token, expires } = await generateToken(server)
    const known = { token, tokenExpires: new Date(expires), portal }
    return { authentication: await ArcGISIdentityManager.fromToken(known) }
  },
  'ArcGISIdentityManager.fromCredential': async ({ server, portal }) => {
    const { token, expires, ssl } = await generateToken(server)
    const credential = { token, expires, ssl, server: portal, userId: 'siteadmin' }
    const serverInfo = { hasPortal: true, hasServer: false, server: portal }
    return { authentication: ArcGISIdentityManager.fromCredential(credential, serverInfo) }
  },
  'ArcGISIdentityManager.deserialize': async ({ portal }) => {
    const signedIn = await ArcGISIdentityManager.signIn({ ...siteadmin, portal })
    return { authentication: ArcGISIdentityManager.deserialize(signedIn.serialize()) }
  },
  ApiKeyManager: async ({ server }) => ({ authentication: ApiKeyManager.fromKey(await tokenOf(server)) }),
}

for (const [way, authenticate] of Object.entries(WAYS)) {
  t.test(`rest-js: ${way}`, async t => {
    const started = await start(t)
    const options = await authenticate(started)
    for (const httpMethod of ['POST', 'GET'] as const) {
      const { backups } = await request(`${started.admin}/${BACKUPS}`, { ...options, httpMethod })
      t.match(backups, [{ backupName: 'backup_first' }, { backupName: 'schedule1-2021-10-22-20-00-09' }], httpMethod)
    }
  })
}

t.test('rest-js: what ArcGISIdentityManager asks for before a request to the Administrator API', async t => {
  const { portal, admin, received } = await start(t)
  const authentication = await ArcGISIdentityManager.signIn({ ...siteadmin, portal })
  await request(`${admin}/jobs`, { authentication })
  t.strictSame(received(), [
    'POST /sharing/rest/generateToken',
    'GET /sharing/rest/community/self',
    'GET /sharing/rest/portals/self',
    'POST /admin/jobs/rest/info',
    'POST /sharing/rest/info',
    'POST /sharing/rest/generateToken',
    'POST /admin/jobs',
  ])
  t.match(await authentication.getUser(), { username: 'siteadmin', role: 'org_admin' })
  t.match(await authentication.getPortal(), { isPortal: true, user: { username: 'siteadmin' } })
})

t.test('rest-js: signing out', async t => {
  const { portal, admin } = await start(t)
  const authentication = await ArcGISIdentityManager.signIn({ ...siteadmin, portal })
  const { token } = authentication
  t.match(await request(`${admin}/jobs`, { params: { token } }), { jobs: Array })
  t.strictSame(await authentication.signOut(), { success: true })
  await t.rejects(request(`${admin}/jobs`, { params: { token } }), { name: 'ArcGISAuthError', code: 498 })
})

t.test('rest-js: errors', async t => {
  const { server, portal, admin } = await start(t)
  const jobs = `${admin}/jobs`
  const failure = async (sent: Promise<unknown>) =>
    sent.then(
      () => undefined,
      error => error,
    )

  const required = await failure(request(jobs))
  t.ok(required instanceof ArcGISAuthError)
  t.match(required, { code: 499, message: '499: Token Required.' })

  const invalid = await failure(request(jobs, { params: { token: 'no-such-token' } }))
  t.ok(invalid instanceof ArcGISAuthError)
  t.match(invalid, { code: 498, message: '498: Invalid Token.' })

  const unknown = await failure(request(`${jobs}/j1`, { authentication: await tokenOf(server) }))
  t.ok(unknown instanceof ArcGISRequestError)
  t.notOk(unknown instanceof ArcGISAuthError)
  t.match(unknown, { code: 404, message: '404: The job j1 was not found.' })

  const viewer = await failure(request(jobs, { authentication: await tokenOf(server, 'viewer1') }))
  t.ok(viewer instanceof ArcGISRequestError)
  t.match(viewer, { code: 403, message: /^403: You do not have permissions/ })

  const wrongPassword = await failure(
    ArcGISIdentityManager.signIn({ username: 'siteadmin', password: 'wrong', portal }),
  )
  t.ok(wrongPassword instanceof ArcGISTokenRequestError)
  t.match(wrongPassword, { message: /400: Unable to generate token\./ })

  const sharing = await failure(request(`${portal}/community/self`))
  t.ok(sharing instanceof ArcGISAuthError)
  t.match(sharing, { code: 'GWM_0003', message: 'GWM_0003: Token Required' })
})

t.test('rest-js: an expired token is renewed with the password', async t => {
  const { server, portal, received } = await start(t)
  const authentication = new ArcGISIdentityManager({ ...siteadmin, portal, tokenDuration: 30 })
  await request(`${portal}/community/self`, { authentication })
  server.default.clock.advance({ by: '1h' })
  t.match(await request(`${portal}/community/self`, { authentication }), { username: 'siteadmin' })
  t.strictSame(received().slice(-3), [
    'POST /sharing/rest/community/self',
    'POST /sharing/rest/generateToken',
    'POST /sharing/rest/community/self',
  ])
})

t.test('rest-js: create a backup, poll its job, list it, restore it, delete it', async t => {
  const { server, portal, admin } = await start(t)
  const authentication = await ArcGISIdentityManager.signIn({ ...siteadmin, portal })
  const send = (url: string, params = {}) => request(url, { authentication, params })
  const recovery = `${admin}/system/disasterrecovery`
  const titles = async () => (await send(`${portal}/search`)).results.map(({ title }: { title: string }) => title)

  const { backupStores } = await send(`${recovery}/stores`)
  const { name } = backupStores.find(({ default: isDefault }: { default: boolean }) => isDefault)
  const backups = `${recovery}/stores/${name}/backups`
  const before = await titles()
  const wanted = { name: 'by_client', passcode: 'passcode', description: null, retentionDate: -1 }
  const { jobid, jobsUrl } = await send(`${backups}/create`, wanted)
  t.equal(jobsUrl, `${admin}/jobs/${jobid}`)
  t.match(await send(jobsUrl), { status: 'SUBMITTED', username: 'siteadmin' })
  server.default.clock.advance({ by: '30s' })
  t.match(await send(jobsUrl), { status: 'EXECUTING' })
  server.default.clock.advance({ by: '5m' })
  t.match(await send(jobsUrl), { status: 'COMPLETED' })
  const made = { backupName: 'by_client', status: 'completed', retentionDate: -1, description: '' }
  t.match(await send(backups), { backups: [made] })
  t.match(await send(`${backups}/by_client`), made)

  await send(`${portal}/content/users/siteadmin/addItem`, { title: 'Added after the backup', type: 'Web Map' })
  t.strictSame((await titles()).toSorted(), [...before, 'Added after the backup'].toSorted())
  const refused = await failure(send(`${backups}/by_client/restore`, { passcode: 'wrong-passcode' }))
  t.ok(refused instanceof ArcGISRequestError)
  t.strictSame(await send(`${backups}/by_client/restore`, { passcode: 'passcode' }), { status: 'success' })
  const unavailable = await failure(send(backups))
  t.match(unavailable, { name: 'ArcGISRequestError', code: 'HTTP 503 Service Unavailable' })
  const states = new Set<string>()
  for (let polls = 0; polls < 100 && !states.has('success'); polls += 1) {
    server.default.clock.advance({ by: '10s' })
    const { status } = await send(`${recovery}/status`)
    t.match(status, { operation: 'Restore', backupName: 'by_client', backupStore: name, stages: Array })
    states.add(status.state)
  }
  t.strictSame([...states], ['in_progress', 'success'])
  t.strictSame(await titles(), before, 'the items are those of the backup')

  t.strictSame(await send(`${backups}/by_client/delete`), { status: 'success' })
  t.strictSame(await send(backups), { backups: [] })
})
