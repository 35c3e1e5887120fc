// The root of the server: an index of what is served, for people and probes.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { boot, call } from '../../helpers.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

t.test('GET /: base paths, and links that work', async t => {
  const server = await boot(t)
  for (const prefix of ['', '/@t1']) {
    const origin = server.url + prefix
    const { status, headers, json } = await call(server, { path: `${prefix}/`, contract: false })
    t.match({ status, headers }, { status: 200, headers: { 'content-type': /^application\/json/ } })
    t.match(json, {
      name: 'firedrill',
      version,
      links: {
        openapi: `${origin}/openapi.yaml`,
        openapiJson: `${origin}/openapi.json`,
        controlOpenapi: `${origin}/__admin/openapi.json`,
        health: `${origin}/__admin/health`,
      },
    })
    t.same(
      json.apis.map(({ name, basePaths }: { name: string; basePaths: string[] }) => [name, ...basePaths]),
      [
        ['disaster-recovery-files', '/backend/api/v1', '/billing-platform'],
        ['a9s', '/v1/instances'],
        ['dscloud', '/v3', '/backups.dscloud.pt'],
        ['arcgis', '/{context}/admin', '/{context}/sharing/rest'],
      ],
    )
    const documents = json.apis.map(({ openapi }: { openapi: string }) => openapi)
    t.equal(documents[1], `${origin}/openapi/a9s.json`)
    for (const link of [...Object.values<string>(json.links), ...documents]) {
      t.equal((await fetch(link)).status, 200, link)
    }
  }
})

t.test('a browser gets a page at /, everything else the index', async t => {
  const server = await boot(t)
  const page = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const typeFor: Readonly<Record<string, RegExp>> = {
    [page]: /^text\/html/,
    'text/html': /^text\/html/,
    '*/*': /^application\/json/,
    'application/json, text/html;q=0.9': /^application\/json/,
    'image/png': /^application\/json/,
  }
  for (const [accept, type] of Object.entries(typeFor)) {
    const requests = [{ path: '/' }, { path: '/@t1/?view=requests' }, { method: 'HEAD', path: '/' }]
    for (const request of requests) {
      const { status, headers } = await call(server, { ...request, headers: { accept }, contract: false })
      t.match({ status, headers }, { status: 200, headers: { 'content-type': type } }, `${request.path} as ${accept}`)
      t.match(headers.vary, /\bAccept\b/)
    }
  }
  const { headers } = await call(server, { path: '/', headers: { accept: page }, contract: false })
  t.match(headers['content-security-policy'], /^default-src 'none';.*frame-ancestors 'none'$/)
  t.notMatch(headers['content-security-policy'], /unsafe|https?:/)
})

t.test('a browser gets a page where nothing is served, everything else a problem', async t => {
  const server = await boot(t)
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
  for (const prefix of ['', '/@t1']) {
    const path = `${prefix}/ui/<script>?token=s3cret`
    const page = await call(server, { path, headers: { accept }, contract: false })
    t.match(page, { status: 404, headers: { 'content-type': /^text\/html/, vary: /\bAccept\b/ } })
    t.match(page.headers['content-security-policy'], /^default-src 'none'/)
    for (const link of ['/', '/?demo', '/docs']) {
      t.match(page.text, `href="${server.url}${prefix}${link}"`)
      t.equal((await fetch(server.url + prefix + link)).status, 200, link)
    }
    t.match(page.text, '/{context}/sharing/rest')
    t.notMatch(page.text, /<script|s3cret/)
    for (const other of ['*/*', 'application/json, text/html;q=0.9']) {
      const problem = await call(server, { path, headers: { accept: other }, contract: false })
      t.match(problem, { status: 404, headers: { vary: /\bAccept\b/ }, json: { title: 'No API here' } })
    }
  }
  t.equal((await call(server, { method: 'HEAD', path: '/ui', headers: { accept }, contract: false })).status, 404)
  t.equal(server.default.requests.unmatched().requests.length, 4, 'the journal has them')
})

t.test('GET / and the document are the server’s own: no API’s request, no fault, nothing left over', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation: '*', fault: 'status', status: 503, times: 1 })
  for (const path of ['/', '/?a=1', '/openapi.yaml', '/openapi/control.json', '/favicon.ico']) {
    t.equal((await call(server, { path, contract: false })).status, 200, path)
    t.equal((await call(server, { method: 'HEAD', path, contract: false })).status, 200, `HEAD ${path}`)
  }
  t.same(server.default.requests.list().requests, [])
  t.match(server.default.faults.list(), [{ hits: 0 }])
  t.equal((await call(server, { method: 'POST', path: '/', contract: false })).status, 404)
  t.equal(server.default.requests.list().requests.length, 1, 'anything else at the root is a stray request')
})
