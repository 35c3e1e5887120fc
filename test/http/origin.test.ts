// The origin in absolute URLs: from Host and from the headers of proxies, and never from an invalid host.
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { hostReaders } from '../../src/http/hosts.ts'
import { originOf } from '../../src/http/origin.ts'

function origin(headers: Record<string, string | string[]>, protocol = 'http'): string {
  return originOf({ headers, protocol } as unknown as FastifyRequest, hostReaders())
}

t.test('Host only', async t => {
  t.equal(origin({ host: 'example.com' }), 'http://example.com')
  t.equal(origin({ host: 'example.com:8420' }), 'http://example.com:8420')
  t.equal(origin({ host: '[::1]:8420' }), 'http://[::1]:8420')
  t.equal(origin({ host: '127.0.0.1' }, 'https'), 'https://127.0.0.1')
  t.equal(origin({ host: 'my_service-1.localhost' }), 'http://my_service-1.localhost')
})

t.test('X-Forwarded-* take precedence over Host; the first of several values is used', async t => {
  const host = 'inner:8420'
  t.equal(origin({ host, 'x-forwarded-host': 'example.com' }), 'http://example.com')
  t.equal(origin({ host, 'x-forwarded-proto': 'https' }), 'https://inner:8420')
  t.equal(origin({ host, 'x-forwarded-proto': 'HTTPS' }), 'https://inner:8420')
  t.equal(
    origin({ host, 'x-forwarded-host': 'a.example, b.example', 'x-forwarded-proto': 'https, http' }),
    'https://a.example',
  )
  t.equal(origin({ host, 'x-forwarded-host': ['a.example', 'b.example'] }), 'http://a.example')
})

t.test('Forwarded takes precedence over both', async t => {
  const more = { host: 'inner', 'x-forwarded-host': 'x.example', 'x-forwarded-proto': 'https' }
  t.equal(origin({ ...more, forwarded: 'host=f.example;proto=http' }), 'http://f.example')
  t.equal(origin({ ...more, forwarded: 'for=192.0.2.1;host=f.example' }), 'https://f.example')
  t.equal(
    origin({ ...more, forwarded: 'For="[2001:db8::1]";Proto=HTTPS;Host="f.example:8443"' }),
    'https://f.example:8443',
  )
  t.equal(origin({ ...more, forwarded: 'host=f.example;proto=http, host=g.example;proto=https' }), 'http://f.example')
  t.equal(origin({ ...more, forwarded: 'for=192.0.2.1' }), 'https://x.example')
  t.equal(origin({ ...more, forwarded: '' }), 'https://x.example')
})

t.test('an invalid host is not copied into the origin', async t => {
  const invalid = [
    '',
    'example.com/path',
    'example.com?query',
    'example.com#hash',
    'user@example.com',
    'user:secret@example.com',
    'example.com"onload="alert(1)',
    '<script>alert(1)</script>',
    'example.com evil.example',
    'example.com\r\nset-cookie: a=b',
    'example.com\\evil',
    'javascript:alert(1)',
    'a:b:c',
    'example.com:',
    'example.com:123456',
    '[::1',
    '[x]',
    '::1',
    '%65xample.com',
    "example.com'",
    'exämple.com',
  ]
  for (const host of invalid) {
    t.equal(origin({ host }), 'http://localhost', JSON.stringify(host))
    t.equal(
      origin({ host: 'inner', 'x-forwarded-host': host }),
      'http://localhost',
      `${JSON.stringify(host)}, forwarded`,
    )
    t.ok(URL.canParse(origin({ host: 'inner', forwarded: `host="${host}"` })))
  }
  t.equal(origin({}), 'http://localhost')
  for (const proto of ['javascript', 'ftp', 'https:', '', 'https://evil.example/']) {
    t.equal(origin({ host: 'h', 'x-forwarded-proto': proto }), 'http://h', proto)
    t.equal(origin({ host: 'h', forwarded: `proto="${proto}"` }), 'http://h', proto)
  }
})
