// Three processes behind HAProxy: where requests go, and where the URLs in responses lead.
import t, { type Test } from 'tap'
import { countsOf, type Exchange, eightAtATime, startCluster } from './cluster.ts'

const cluster = await startCluster(t, { processes: 3 })

const CONTROL = '/__admin'
const APP = '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'
const DSCLOUD = { authorization: '23457145698959364-demo' }

/** A sandbox of each process, by the name of the process. */
async function sandboxOfEach(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let index = 1; found.size < 3; index += 1) found.set(await cluster.processOf(`of-${index}`), `of-${index}`)
  return found
}

t.test('3,000 sandboxes are spread evenly, and each is where requests for it go', async t => {
  const names = Array.from({ length: 3000 }, (_, index) => `client-test-${index}`)
  const created = await eightAtATime(names, name =>
    cluster.ask(`${CONTROL}/sandboxes`, { method: 'POST', body: { name } }),
  )
  t.same(countsOf(created.map(({ status }) => String(status))), { 201: 3000 })
  const createdBy = created.map(({ process }) => process)
  t.same(
    await eightAtATime(names, name => cluster.processOf(name)),
    createdBy,
    'requests by name go where it was created',
  )
  for (const process of cluster.processes.keys()) {
    const { text } = await cluster.ask(`${CONTROL}/sandboxes`, { headers: { 'x-firedrill-process': process } })
    const count = JSON.parse(text).filter(({ name }: { name: string }) => name !== 'default').length
    t.ok(count >= 750 && count <= 1250, `${process} has ${count}`)
  }
})

t.test('the sandbox is found as the server finds it', async t => {
  for (const [owner, name] of await sandboxOfEach()) {
    const [other = ''] = [...(await sandboxOfEach())].find(([process]) => process !== owner)?.slice(1) ?? []
    const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
    const requests: Record<string, [path: string, headers?: Record<string, string>]> = {
      path: [`/@${name}/`],
      'path without a slash': [`/@${name}?format=x`],
      'encoded path': [`/@${encoded}/${APP}`],
      'path before header and host': [`/@${name}/`, { 'x-firedrill-sandbox': other, host: `${other}.localhost` }],
      header: [APP, { 'x-firedrill-sandbox': name }],
      'header before host': [APP, { 'x-firedrill-sandbox': name, host: `${other}.localhost` }],
      host: [APP, { host: `${name}.localhost` }],
      'host in capitals, with a port': [APP, { host: `${name.toUpperCase()}.LocalHost:8420` }],
      'control operation by name': [`${CONTROL}/sandboxes/${name}/clock`],
      'control operation by name before path and header': [
        `/@${other}${CONTROL}/sandboxes/${encoded}/clock`,
        { 'x-firedrill-sandbox': other },
      ],
      'control operation in another spelling': [`/__%61dmin/sandboxes/${name}/clock`],
    }
    for (const [title, [path, headers = {}]] of Object.entries(requests))
      t.equal((await cluster.ask(path, { headers })).process, owner, `${owner}: ${title}`)
    const creation = { method: 'POST', headers: { 'x-firedrill-sandbox': other }, body: { name } }
    t.equal((await cluster.ask(`${CONTROL}/sandboxes`, creation)).process, owner, `${owner}: creation`)
  }
  for (const host of ['127.0.0.1:8420', '[::1]:8420', 'localhost', 'backups.dscloud.pt'])
    t.equal((await cluster.ask('/', { headers: { host } })).process, 'firedrill-0', `no sandbox: ${host}`)
})

t.test('every URL in a response leads back to its sandbox', async t => {
  for (const name of (await sandboxOfEach()).values()) {
    await leadsBack(t, name, `/@${name}`, {})
    await leadsBack(t, name, '', { 'x-firedrill-sandbox': name })
    await leadsBack(t, name, '', { host: `${name}.localhost` })
    await leadsBack(t, name, '', { host: `${name}.localhost`, 'x-forwarded-proto': 'https' })
  }
})

/** `prefix` and `headers` select the sandbox. URLs are followed without them, save the host, which is part of a URL. */
async function leadsBack(t: Test, sandbox: string, prefix: string, headers: Record<string, string>): Promise<void> {
  const owner = await cluster.processOf(sandbox)
  const title = `${owner}: ${prefix}${JSON.stringify(headers)}`
  const ask = (path: string, { headers: more, ...exchange }: Exchange = {}) =>
    cluster.ask(prefix + path, { ...exchange, headers: { ...headers, ...more } })
  const user = 'username=siteadmin&password=siteadmin.pass1&client=requestip&f=json'
  const token = await ask('/arcgis/sharing/rest/generateToken', { method: 'POST', body: user })
  const query = `f=json&token=${JSON.parse(token.text).token}`
  const stores = '/arcgis/admin/system/disasterrecovery/stores'
  const backup = `name=backup_${crypto.randomUUID().slice(0, 8)}&passcode=passcode`
  const fields = `${backup}&${query}`
  const job = await ask(`${stores}/backupsDefault/backups/create`, { method: 'POST', body: fields })
  const created = await ask(APP, { method: 'POST', headers: DSCLOUD })
  const list = await ask(`${CONTROL}/sandboxes`)
  const { url: own } = JSON.parse(list.text).find((each: { name: string }) => each.name === sandbox)
  const urls = [JSON.parse(job.text).jobsUrl, JSON.parse(created.text).response.url, `${own}${CONTROL}/livez`]
  await ask(`${CONTROL}/clock/run-until-idle`, { method: 'POST' })
  for (const url of urls.map(text => new URL(text))) {
    t.equal(url.protocol, headers['x-forwarded-proto'] === 'https' ? 'https:' : 'http:', `${title}: scheme`)
    const isJob = url.pathname.includes('/jobs/')
    const path = url.pathname + (isJob ? `?${query}` : url.search)
    const found = await cluster.ask(path, { method: isJob ? 'GET' : 'HEAD', headers: { host: url.host } })
    t.match(found, { status: 200, process: owner }, `${title}: ${url}`)
    if (isJob) t.match(found.text, '"status":"COMPLETED"', `${title}: the job is there`)
  }
}

t.test('a drill, its sandbox and its verdict are in one process', async t => {
  const start = `${CONTROL}/drills/archive-not-details/start`
  const prefixes = [...(await sandboxOfEach()).values()].map(name => `/@${name}`)
  for (const prefix of ['', ...prefixes]) {
    const { status, process, text } = await cluster.ask(prefix + start, { method: 'POST' })
    t.equal(status, 201)
    const { sandbox, url, verdictUrl } = JSON.parse(text)
    for (const found of [`${url}${CONTROL}/clock`, verdictUrl, `${cluster.url}${CONTROL}/sandboxes/${sandbox}/clock`]) {
      const { pathname, search } = new URL(found)
      t.match(await cluster.ask(pathname + search), { status: 200, process }, `${prefix} ${found}`)
    }
  }
})

t.test('what one proxy cannot route is refused', async t => {
  const create = { method: 'POST' } as const
  const bound = await cluster.ask(`${CONTROL}/sandboxes`, {
    ...create,
    body: { name: 'bound', credentials: { 'my-key': 'demo-token' } },
  })
  t.match(bound, { status: 400, process: undefined, text: /bound credentials/ })
  const unbound = await cluster.ask(`${CONTROL}/sandboxes`, { ...create, body: { name: 'unbound', credentials: {} } })
  t.equal(unbound.status, 201)
  const late = await cluster.ask(`${CONTROL}/sandboxes`, {
    ...create,
    body: { clock: 'x'.repeat(40_000), name: 'late' },
  })
  t.match(late, { status: 413, text: /Put it first/ })
  const early = await cluster.ask(`${CONTROL}/sandboxes`, {
    ...create,
    body: { name: 'early', clock: 'x'.repeat(40_000) },
  })
  t.match(early, { status: 400, process: await cluster.processOf('early') }, 'the server refuses the clock')
  const nameless = await cluster.ask(`${CONTROL}/sandboxes`, { ...create, body: {} })
  t.match(nameless, { status: 400, process: 'firedrill-0' }, 'the server says what is missing')
  const certification = await cluster.ask(`${CONTROL}/certifications`, { ...create, body: {} })
  t.match(certification, { status: 400, process: undefined, text: /certification/ })
  const unknown = await cluster.ask('/', { headers: { 'x-firedrill-process': 'firedrill-9' } })
  t.match(unknown, { status: 503, process: undefined, text: /no process of that name/ })
  for (const { text, headers } of [bound, late, certification, unknown]) {
    t.equal(headers['content-type'], 'application/problem+json')
    t.type(JSON.parse(text).detail, 'string')
  }
})

t.test('events of a sandbox arrive at once, and its pages and their files are served', async t => {
  const [name = ''] = (await sandboxOfEach()).values()
  const live = await fetch(`${cluster.url}/@${name}${CONTROL}/requests/live`)
  const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader()
  t.match(await reader?.read(), { value: /retry/ })
  await cluster.ask(`/@${name}${APP}`, { headers: DSCLOUD })
  t.match(await reader?.read(), { value: /event: request/ })
  await reader?.cancel()
  const page = await cluster.ask(`/@${name}/`, { headers: { accept: 'text/html' } })
  t.match(page, { status: 200, headers: { 'content-type': /^text\/html/ } })
})
