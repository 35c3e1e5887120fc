// The report as Markdown: what a reader has to look at, with all text escaped.
import t from 'tap'
import { markdownOf } from '../../../../src/control/certifications/report/markdown.ts'
import { drillOf, HOSTILE, reportOf, requirementOf, sample } from './sample.ts'

t.test('it begins with the verdict and a row for each drill', async t => {
  const lines = markdownOf(sample).split('\n')
  t.equal(lines[0], '## example-client 1.2.3: failed')
  t.match(
    lines[2],
    /^\*\*8 drills: 1 error, 2 failed, 1 failed as known, 1 inconclusive, 1 passed, 1 passed unexpectedly, 1 skipped\*\*\. Firedrill 0\.1\.0, seed `s`,/,
  )
  const rows = lines.filter(line => line.startsWith('| '))
  t.equal(rows.length, 1 + sample.drills.length)
  t.equal(rows[1], '| ✅ passed | `retry-502` | Retry after a 502 | a9s | 1 of 1 |')
  t.ok(rows.includes('| ❌ failed as known | `lost-answer` | An answer that is lost | a9s | 0 of 1 |'))
})

t.test('only what a reader has to look at is described', async t => {
  const headings = markdownOf(sample).match(/^### .*$/gm) ?? []
  t.same(
    headings.map(line => /`([a-z0-9-]+)`/.exec(line)?.[1]),
    ['retry-after', 'hostile', 'wrong-key', 'stuck-job', 'no-retry-403'],
  )
  const markdown = markdownOf(sample)
  t.match(markdown, /- expected: waits of at least 5s, at most 60s\n {2}- observed: wait 1 of 2 was 1s\n/)
  t.match(markdown, 'source: [RFC 9110, section 15.6.3](<https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3>)')
  t.match(markdown, '```sh\nfiredrill certify --seed s --drills retry-502 -- ./client\n```')
  t.match(markdown, 'The client: no result. The sandbox of the run no longer exists.')
})

t.test('a passing run has no more than its table', async t => {
  const markdown = markdownOf(reportOf([drillOf()], { verdict: 'passed', client: { name: 'client' } }))
  t.match(markdown, /^## client: passed\n/)
  t.notMatch(markdown, '###')
  t.match(markdownOf(reportOf([], { verdict: 'inconclusive' })), '**0 drills**')
})

t.test('text cannot become markup', async t => {
  const markdown = markdownOf(sample)
  t.notMatch(markdown, /<script|&(?!#)|javascript:|\p{Cc}(?<!\n)/u)
  t.match(markdown, '\\[link\\]\\(javascript\\:alert\\(1\\)\\)')
  const [row = ''] = /^.*`hostile` \| .*$/m.exec(markdown) ?? []
  t.equal(row.replaceAll('\\|', '').split('|').length - 2, 5, 'a bar does not begin a cell')
  const links = { bug: 'javascript:alert(1)', vendor: 'https://x.example/(a)>b' }
  const [bug, vendor] = Object.entries(links).map(([source, url]) =>
    markdownOf(
      reportOf([
        drillOf({
          verdict: 'failed',
          requirements: [requirementOf({ verdict: 'failed', provenance: { kind: 'bug', source, url } })],
        }),
      ]),
    ),
  )
  t.match(bug, 'source: bug\n')
  t.match(vendor, 'source: [vendor](<https://x.example/(a)%3Eb>)\n')
})

t.test('code is fenced by more backquotes than it contains', async t => {
  const replay = "firedrill certify -- sh -c 'echo ```; echo `date`'"
  t.match(markdownOf(reportOf([], { replay })), `\`\`\`\`sh\n${replay}\n\`\`\`\``)
  t.match(markdownOf(reportOf([drillOf({ id: '`a|b' })])), '| `` `a\\|b `` |')
  t.match(markdownOf(reportOf([], { seed: HOSTILE })), /seed ``<script>.*\\\|.*``, time scale/, 'HTML in code is text')
})
