// The report as a page: what a browser makes of it, without scripts and without network.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { Report, ReportCall } from '../../../../schemas/report.ts'
import { htmlOf } from '../../../../src/control/certifications/report/html.ts'
import { callOf, drillOf, READABLE, reportOf, requirementOf, sample } from './sample.ts'

/** The document as a browser has parsed it, as HTML. */
async function parsed(t: Test, report: Report): Promise<string> {
  const folder = t.testdir({})
  const file = join(folder, 'report.html')
  writeFileSync(file, htmlOf(report))
  const args = ['--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'browser')}`, '--dump-dom', file]
  return (await promisify(execFile)('chromium-headless-shell', args, { maxBuffer: 2 ** 26 })).stdout
}

const countOf = (text: string, part: string) => text.split(part).length - 1

t.test('a browser shows hostile text as it is', async t => {
  const dom = await parsed(t, sample)
  t.equal(countOf(dom, '<script'), 0)
  t.equal(countOf(dom, 'href="javascript:'), 0)
  t.match(dom, '<title>example-client 1.2.3: failed</title>')
  t.equal(countOf(dom, '<details '), sample.drills.length)
  t.equal(countOf(dom, '<svg '), sample.drills.filter(({ calls }) => calls.length > 0).length)
  const shown = READABLE.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;' })[character] ?? '&gt;')
  t.ok(dom.includes(`<pre>${shown}</pre>`))
})

t.test('the page loads nothing, and its style is the only one that its policy allows', async t => {
  const page = htmlOf(sample)
  const [, css = ''] = /<style>(.*)<\/style>/s.exec(page) ?? []
  const hash = createHash('sha256').update(css).digest('base64')
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  t.equal(policy, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`)
  t.notMatch(page, /\s(?:src|style|on\w+)=|@import|url\(/)
  t.match(css, '@media (prefers-color-scheme: dark)')
})

t.test('what a reader has to look at is open', async t => {
  const opened = [...htmlOf(sample).matchAll(/<details class="drill" id="([^"]+)" open>/g)].map(([, id]) => id)
  t.same(opened, ['retry-after', 'hostile', 'wrong-key', 'stuck-job', 'no-retry-403'])
})

t.test('evidence links to the calls of the diagram, and to files', async t => {
  const page = htmlOf(
    reportOf([drillOf({ requirements: [requirementOf({ evidence: ['call-2', 'not in the run'] })] })]),
  )
  t.match(page, '<td><a href="#retry-502-call-2">2</a> </td>')
  t.match(page, '<g id="retry-502-call-2" class="call ok">')
  t.match(page, '<a href="evidence/retry-502/requests.har">har</a>')
  const many = Array.from({ length: 60 }, (_, index) => callOf(index))
  const requirement = requirementOf({ evidence: many.slice(20).map(({ id }) => id) })
  t.match(
    htmlOf(reportOf([drillOf({ calls: many, requirements: [requirement] })])),
    '<a href="#retry-502-call-25">25</a> 26 27 28 29 30 31 32 and 28 more',
    'calls that the diagram leaves out have no link',
  )
})

t.test('the diagram shows waits, faults, errors and responses that did not arrive', async t => {
  const diagram = (calls: ReportCall[]) => /<svg.*<\/svg>/s.exec(htmlOf(reportOf([drillOf({ calls })])))?.[0] ?? ''
  const mixed = diagram([
    callOf(1, { status: 502, fault: 'proxy-error' }),
    callOf(2, { status: 404, error: 'FileNotFound' }),
    callOf(302, { status: null }),
    callOf(302),
  ])
  t.same(
    [...mixed.matchAll(/class="call (\w+)"/g)].map(([, kind]) => kind),
    ['fault', 'error', 'error', 'ok'],
  )
  t.same(
    [...mixed.matchAll(/>waits ([^<]+)</g)].map(([, words]) => words),
    ['1s', '1s', '5m'],
  )
  t.match(mixed, '<g class="mark">')
  t.match(mixed, '>404 FileNotFound</text>')
  t.match(mixed, '>no response</text>')
  t.match(mixed, '>12:00:01.000</text>')
  const long = diagram(Array.from({ length: 500 }, (_, index) => callOf(index)))
  t.equal(countOf(long, '<g id='), 40)
  t.match(long, '>460 calls left out</text>')
  t.match(long, 'retry-502-call-500')
  const path = `/${'x'.repeat(200)}/end`
  t.match(diagram([callOf(1, { path })]), /POST \/x{23}…x+\/end<\/text>/, 'a long path is shortened in the middle')
  t.match(diagram([callOf(1, { path })]), `${path} (prepareDisasterRecovery): 200</title>`)
})
