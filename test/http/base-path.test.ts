// Base paths with parameters in braces: as Fastify writes them, and which URLs are at or below them.
import t from 'tap'
import { routePrefix, urlsBelow } from '../../src/http/base-path.ts'

t.test('parameters become those of Fastify', async t => {
  t.equal(routePrefix('/{context}/sharing/rest'), '/:context/sharing/rest')
  t.equal(routePrefix('/v1/instances'), '/v1/instances')
})

t.test('URLs at or below a base path, with any value of its parameters', async t => {
  const urls = urlsBelow(['/{context}/admin', '/backups.example'])
  const below = ['/arcgis/admin', '/x/admin?f=json', '/x/admin/jobs', '//admin', '/backups.example/a.zip']
  for (const url of below) t.ok(urls.test(url), url)
  const elsewhere = ['/x/administrator', '/x/y/admin', '/backupsXexample', '/backups.examples', '/']
  for (const url of elsewhere) t.notOk(urls.test(url), url)
})
