// HTTPS with certificates made at start, and with one's own: as curl, openssl and Node see it.
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { get, type RequestOptions } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Test, test } from 'tap'
import { configFromCommandLine } from '../src/config.ts'
import { type Firedrill, OptionError, type StartOptions, start } from '../src/index.ts'
import { DAY_MS } from '../src/sandbox/clock/durations.ts'
import { openTls } from '../src/tls.ts'
import { boot } from './helpers.ts'
import { launch } from './program.ts'

const run = promisify(execFile)
const FILES = '/backend/api/v1/disasterRecoveryFiles/'
const KEY = { authorization: 'Bearer YOUR_API_KEY' }

/** A server with TLS and a file with its authority's certificate. */
async function bootTls(
  t: Test,
  options: StartOptions = {},
): Promise<{ server: Firedrill; ca: string; folder: string }> {
  const folder = t.testdir()
  const ca = join(folder, 'ca.pem')
  const server = await boot(t, { tls: true, tlsCa: ca, ...options })
  return { server, ca, folder }
}

interface SecureAnswer {
  status: number | undefined
  text: string
  certificate: X509Certificate
}

/** One HTTPS request from Node. Rejects when the certificate is not trusted. */
async function secureGet(url: string, options: RequestOptions = {}): Promise<SecureAnswer> {
  const request = get(url, { agent: false, headers: KEY, ...options })
  const [response] = await once(request, 'response')
  const certificate = new X509Certificate(response.socket.getPeerCertificate().raw)
  const chunks = await response.toArray()
  return { status: response.statusCode, text: Buffer.concat(chunks).toString(), certificate }
}

/** `name` as a client sees it that resolves it to this machine: Node does not look up names below localhost. */
const resolvedHere = (servername: string) => ({ servername, host: '127.0.0.1' })

test('curl and Node trust the server through the file of --tls-ca, by name and by address', async t => {
  const { server, ca } = await bootTls(t)
  const { port } = new URL(server.url)
  t.equal(server.url, `https://127.0.0.1:${port}`)
  t.equal(server.httpUrl, undefined)
  t.equal(server.tlsAuthority, readFileSync(ca, 'utf8'))
  for (const host of ['127.0.0.1', 'localhost']) {
    const { stdout } = await run('curl', ['-sS', '--cacert', ca, `https://${host}:${port}/__admin/health`])
    t.equal(JSON.parse(stdout).status, 'healthy', host)
  }
  const { status } = await secureGet(`${server.url}${FILES}`, { ca: readFileSync(ca) })
  t.equal(status, 200)
  await t.rejects(secureGet(`${server.url}${FILES}`), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'without the file')
})

test('each name that is asked for gets a certificate of its own, and selects its sandbox', async t => {
  const { server, ca } = await bootTls(t)
  server.sandbox('t1').faults.arm({ operation: 'listDisasterRecoveryFiles', fault: 'status', status: 418 })
  const authority = readFileSync(ca)
  for (const name of ['t1.localhost', 'T2.localhost', 'api.dscloud.pt', 'organization.domain.com', 'firedrill']) {
    const { port } = new URL(server.url)
    const answer = await secureGet(`https://127.0.0.1:${port}${FILES}`, {
      ca: authority,
      ...resolvedHere(name),
      headers: { ...KEY, host: `${name}:${port}` },
    })
    t.equal(answer.status, name === 't1.localhost' ? 418 : 200, name)
    t.equal(answer.certificate.subjectAltName, `DNS:${name.toLowerCase()}`)
  }
})

test('certificates pass a strict check, last 30 days by the clock of the machine, and differ at each start', async t => {
  // The clock of the sandbox does not matter.
  const { server, ca, folder } = await bootTls(t, { clock: 'frozen:2035-01-01T00:00:00Z', seed: 'same' })
  const { certificate } = await secureGet(`${server.url}${FILES}`, { ca: readFileSync(ca) })
  const leaf = join(folder, 'leaf.pem')
  writeFileSync(leaf, certificate.toString())
  const { stdout } = await run('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', ca, leaf])
  t.match(stdout, /OK/)
  for (const each of [certificate, new X509Certificate(readFileSync(ca))]) {
    const days = (Date.parse(each.validTo) - Date.now()) / DAY_MS
    t.ok(days > 29.9 && days <= 30, `${days} days`)
    t.ok(Date.parse(each.validFrom) < Date.now())
  }
  const other = await boot(t, { tls: true, seed: 'same' })
  t.not(other.tlsAuthority, server.tlsAuthority)
  await t.rejects(
    secureGet(`${other.url}${FILES}`, { ca: readFileSync(ca) }),
    'the authority of one run does not vouch for another',
  )
})

test('plain HTTP is served on a second port, with URLs of its own', async t => {
  const { server, ca } = await bootTls(t, { httpPort: 0 })
  const httpUrl = server.httpUrl as string
  t.match(httpUrl, /^http:\/\/127\.0\.0\.1:\d+$/)
  const files = (text: string) => JSON.parse(text).map(({ id }: { id: string }) => id)
  const secure = await secureGet(`${server.url}${FILES}`, { ca: readFileSync(ca) })
  const plain = await fetch(`${httpUrl}${FILES}`, { headers: KEY })
  t.strictSame(files(await plain.text()), files(secure.text), 'the same sandbox')
  t.ok((await createBackup(httpUrl)).startsWith(`${httpUrl}/`))
})

/** Creates a backup over plain HTTP and returns its jobsUrl. */
async function createBackup(url: string): Promise<string> {
  const post = async (path: string, fields: Record<string, string>) =>
    (
      await fetch(`${url}/arcgis/${path}`, { method: 'POST', body: new URLSearchParams({ f: 'json', ...fields }) })
    ).json()
  const { token } = (await post('sharing/rest/generateToken', {
    username: 'siteadmin',
    password: 'siteadmin.pass1',
    client: 'requestip',
  })) as { token: string }
  const path = 'admin/system/disasterrecovery/stores/backupsDefault/backups/create'
  const { jobsUrl } = (await post(path, { name: 'one', passcode: 'my-passcode', token })) as { jobsUrl: string }
  return jobsUrl
}

test("the documents' https lines run word for word", async t => {
  const { server, ca, folder } = await bootTls(t)
  const { port } = new URL(server.url)
  writeFileSync(join(folder, '.curlrc'), `silent\nshow-error\ncacert = "${ca}"\nconnect-to = "::127.0.0.1:${port}"\n`)
  const bash = (script: string) =>
    run('bash', ['-ec', script], { cwd: folder, env: { ...process.env, CURL_HOME: folder } })

  const files = await bash(`
# List the available files and their IDs
curl -H "Authorization: Bearer YOUR_API_KEY" \\
-H "Accept: application/json" \\
https://example.com/backend/api/v1/disasterRecoveryFiles/
# Download a specific file to disk
curl -H "Authorization: Bearer YOUR_API_KEY" \\
-H "Accept: application/x-7z-compressed" \\
-o backup.7z \\
https://example.com/backend/api/v1/disasterRecoveryFiles/123
`)
  t.ok(JSON.parse(files.stdout))
  t.match((await run('7zz', ['t', '-pfiredrill', join(folder, 'backup.7z')])).stdout, /Everything is Ok/)

  const backups = await bash(`
app_id=64d0c750212742ca8704fb458c9771af
curl --request GET \\
  --url https://api.dscloud.pt/v3/apps/$app_id/backups \\
  --header 'Authorization: 23457145698959364-demo'
`)
  t.equal(JSON.parse(backups.stdout).response.length, 3)
  // The format of the URL to download the desired backup is: https://backups.dscloud.pt/{accountID}_{name}.zip?{key}
  await bash(`
accountID=23457145698959364 name=Backup%20at%202024-12-07%2022:28:26 key=803d975bd5726c1f5771221fc59ec0f97e45fa12
curl -r 0-3 -o start.zip "https://backups.dscloud.pt/\${accountID}_\${name}.zip?\${key}"
`)
  t.equal(readFileSync(join(folder, 'start.zip')).toString('latin1'), 'PK\x03\x04')

  const created = await bash(`
app_id=64d0c750212742ca8704fb458c9771af
curl --request POST \\
  --url https://api.dscloud.pt/v3/apps/$app_id/backups \\
  --header 'Authorization: 23457145698959364-demo'
`)
  const { url } = JSON.parse(created.stdout).response
  t.match(url, /^https:\/\/backups\.dscloud\.pt\/23457145698959364_Backup%20at%20[^/?]+\.zip\?[0-9a-f]{40}$/)
  server.default.clock.advance({ by: '9s' })
  await bash(`curl -r 0-3 -o new.zip '${url}'`)
  t.equal(readFileSync(join(folder, 'new.zip')).toString('latin1'), 'PK\x03\x04')

  const arcgis = await bash(`
token=$(curl -d 'username=siteadmin&password=siteadmin.pass1&client=requestip&f=json' \\
  https://organization.domain.com/context/sharing/rest/generateToken | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
curl -d "name=backup_first&passcode=passcode&description=&retentionDate=&f=pjson&token=$token" \\
  https://organization.domain.com/context/admin/system/disasterrecovery/stores/backupsDefault/backups/create
`)
  const { jobsUrl, status } = JSON.parse(arcgis.stdout)
  t.match(jobsUrl, /^https:\/\/organization\.domain\.com\/context\/admin\/jobs\/j/)
  t.equal(status, 'SUBMITTED')
})

test('faults reset a TLS connection, and a server that stops ends unused ones', async t => {
  const { server, ca } = await bootTls(t)
  server.default.faults.arm({ operation: 'listDisasterRecoveryFiles', fault: 'reset' })
  await t.rejects(secureGet(`${server.url}${FILES}`, { ca: readFileSync(ca) }), { code: 'ECONNRESET' })
  const { port } = new URL(server.url)
  const unused = connect(Number(port), '127.0.0.1')
  await once(unused, 'connect')
  const closed = once(unused, 'close')
  await server.close()
  await closed
})

test('a client that never finishes the handshake is disconnected', async t => {
  const server = await boot(t, { tls: true, requestTimeout: '200ms' })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  // The head of a TLS record that does not follow.
  socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
  socket.resume()
  await once(socket, 'close')
  t.pass('closed')
})

async function ownCertificate(folder: string): Promise<{ tlsCert: string; tlsKey: string }> {
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', tlsKey, '-out', tlsCert],
  ])
  return { tlsCert, tlsKey }
}

test("one's own certificate is served as it is", async t => {
  const own = await ownCertificate(t.testdir())
  const server = await boot(t, own)
  t.equal(server.tlsAuthority, undefined)
  const { port } = new URL(server.url)
  const answer = await secureGet(`https://localhost:${port}${FILES}`, { ca: readFileSync(own.tlsCert) })
  t.equal(answer.status, 200)
  t.equal(answer.certificate.toString(), new X509Certificate(readFileSync(own.tlsCert)).toString())
})

test('TLS options that cannot be used stop the start with one line', async t => {
  const folder = t.testdir({ 'no.pem': 'no certificate' })
  const own = await ownCertificate(folder)
  const notPem = join(folder, 'no.pem')
  const refusals: [StartOptions, string][] = [
    [{ tlsCa: 'ca.pem' }, 'tlsCa needs tls'],
    [{ httpPort: 0 }, 'httpPort needs tls: without it port serves plain HTTP'],
    [{ tlsCert: own.tlsCert }, 'tlsCert needs tlsKey'],
    [{ tlsKey: own.tlsKey }, 'tlsKey needs tlsCert'],
    [{ ...own, tlsCa: 'ca.pem' }, 'tlsCa and tlsCert exclude each other'],
    [{ ...own, tlsCert: notPem }, `tlsCert ${notPem} and tlsKey ${own.tlsKey} are not a certificate and its key`],
    [{ ...own, tlsKey: join(folder, 'none.pem') }, `tlsKey ${join(folder, 'none.pem')} cannot be read: ENOENT`],
    [
      { tls: true, tlsCa: join(folder, 'none', 'ca.pem') },
      `tlsCa ${join(folder, 'none', 'ca.pem')} cannot be written: ENOENT`,
    ],
  ]
  for (const [options, message] of refusals) {
    const error = await start(options).then(
      server => server.close(),
      (error: Error) => error,
    )
    t.type(error, OptionError, message)
    t.equal((error as Error).message.startsWith(message), true, (error as Error).message)
  }
  const onCommandLine = {
    flags: ['--http-port', '0'],
    env: {},
    message: '--http-port needs --tls: without it --port serves plain HTTP',
  }
  const inEnvironment = {
    flags: [],
    env: { FIREDRILL_HTTP_PORT: '0', FIREDRILL_PORT: '0' },
    message: 'FIREDRILL_HTTP_PORT needs --tls: without it FIREDRILL_PORT serves plain HTTP',
  }
  for (const { flags, env, message } of [onCommandLine, inEnvironment]) {
    await t.rejects(openTls(configFromCommandLine(flags, env).config), { message })
  }
  const { port } = new URL((await boot(t)).url)
  const taken = start({ tls: true, tlsCa: join(folder, 'ca.pem'), httpPort: Number(port) })
  await t.rejects(taken, { message: `httpPort ${port} on 127.0.0.1 is in use by another program` })
  t.notOk(existsSync(join(folder, 'ca.pem')), 'nothing is written by a server that does not start')
})

test('the command prints where it serves, and exec passes the authority to Node programs', async t => {
  const ca = join(t.testdir(), 'ca.pem')
  const { firstLine, child } = launch(t, {
    args: ['--port', '0', '--tls', '--tls-ca', ca, '--http-port', '0', '--json'],
  })
  const { url, httpUrl } = JSON.parse(await firstLine)
  t.match(url, /^https:/)
  t.match(httpUrl, /^http:/)
  const health = launch(t, { args: ['call', 'version', '--url', url], env: { NODE_EXTRA_CA_CERTS: ca } })
  t.match((await health.ended).stdout, /version/)
  const untrusted = await launch(t, { args: ['call', 'version', '--url', url] }).ended
  t.match(untrusted.stderr, /NODE_EXTRA_CA_CERTS/, 'says how to trust it')
  child.kill()
  const program = "fetch(process.env.FIREDRILL_URL + '/__admin/health').then(r => r.text()).then(console.log)"
  const exec = launch(t, { args: ['exec', '--tls', '--tls-ca', ca, '--', process.execPath, '-e', program] })
  t.match((await exec.ended).stdout, /healthy/)
})
