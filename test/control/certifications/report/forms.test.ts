// The forms of the report over HTTP and in the embedded API: the same as those that are made from the document.
import t from 'tap'
import { htmlOf } from '../../../../src/control/certifications/report/html.ts'
import { junitOf } from '../../../../src/control/certifications/report/junit.ts'
import { markdownOf } from '../../../../src/control/certifications/report/markdown.ts'
import { boot, call } from '../../../helpers.ts'

t.test('the report has three forms besides the document', async t => {
  const server = await boot(t)
  const { id } = server.certifications.create({ drills: 'retry-502', client: { name: '<client>' } })
  server.certifications.next(id)
  await server.certifications.submit(id, { drill: 'retry-502', claim: 'success', output: '<output>' })
  const report = server.certifications.report(id)
  const withoutFiles = { ...report, drills: report.drills.map(({ evidence: _, ...drill }) => drill) }
  const forms = [
    { path: 'report.html', type: 'text/html', embedded: server.certifications.page(id), text: htmlOf(withoutFiles) },
    { path: 'report.xml', type: 'application/xml', embedded: server.certifications.junit(id), text: junitOf(report) },
    {
      path: 'report.md',
      type: 'text/markdown',
      embedded: server.certifications.markdown(id),
      text: markdownOf(report),
    },
  ]
  for (const { path, type, embedded, text } of forms) {
    const answer = await call(server, { path: `/__admin/certifications/${id}/${path}` })
    t.match(answer, { status: 200, headers: { 'content-type': `${type}; charset=utf-8` }, text }, path)
    t.equal(await embedded, text)
    t.equal((await call(server, { path: `/__admin/certifications/no-such/${path}` })).status, 404)
  }
  const { headers } = await call(server, { path: `/__admin/certifications/${id}/report.html` })
  t.match(headers['content-security-policy'], /^default-src 'none'; style-src 'unsafe-inline';/, 'its style applies')
})
