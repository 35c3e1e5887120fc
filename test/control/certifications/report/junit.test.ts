// The report as JUnit XML: valid for its schema, with a test case for each requirement.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { junitOf } from '../../../../src/control/certifications/report/junit.ts'
import { drillOf, READABLE, reportOf, requirementOf, sample } from './sample.ts'

const SCHEMA = fileURLToPath(new URL('junit.xsd', import.meta.url))

/** What the validator says is wrong with the document; empty if nothing is. */
function problemsIn(xml: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, '-'], {
    input: xml,
    encoding: 'utf8',
  })
  return status === 0 ? '' : stderr
}

/** Evaluates an XPath expression. */
function valueAt(xml: string, xpath: string): string {
  const { stdout, stderr } = spawnSync('xmllint', ['--xpath', xpath, '-'], { input: xml, encoding: 'utf8' })
  return stdout.trimEnd() || stderr
}

t.test('every report is valid', async t => {
  t.equal(problemsIn(junitOf(sample)), '')
  t.equal(problemsIn(junitOf(reportOf([]))), '')
  t.match(
    problemsIn(junitOf(sample).replace('hostname=', 'host=')),
    /attribute 'host' is not allowed/,
    'the check can fail',
  )
})

t.test('a drill is a suite, and a requirement a test case with the outcome of its verdict', async t => {
  const xml = junitOf(sample)
  t.equal(valueAt(xml, 'count(//testsuite)'), String(sample.drills.length))
  const suite = (id: string) => `//testsuite[@name="${id}"]`
  t.equal(valueAt(xml, `count(${suite('retry-502')}/testcase)`), '1')
  t.equal(valueAt(xml, `count(${suite('retry-502')}//failure | ${suite('retry-502')}//error)`), '0')
  t.equal(
    valueAt(xml, `string(${suite('retry-after')}//failure/@message)`),
    'Expected waits of at least 5s, at most 60s; wait 1 of 2 was 1s',
  )
  t.equal(valueAt(xml, `string(${suite('retry-after')}/testcase[*]/@name)`), 'retry-after/wait', 'a warning passes')
  t.match(
    valueAt(xml, `string(${suite('retry-after')}//failure)`),
    /Source: RFC 9110.*\nJournal entries: call-1, call-2\nReplay: /,
  )
  t.equal(valueAt(xml, `string(${suite('wrong-key')}//error/@type)`), 'inconclusive')
  t.equal(valueAt(xml, `string(${suite('stuck-job')}/testcase[error/@type="error"]/@name)`), 'stuck-job/verdict')
  t.equal(valueAt(xml, `count(${suite('file-expired')}//skipped)`), '1')
  t.equal(valueAt(xml, `string(${suite('lost-answer')}//skipped/@type)`), 'known-failing')
  t.equal(valueAt(xml, `string(${suite('no-retry-403')}//failure/@type)`), 'unexpected-pass')
  for (const [attribute, element] of Object.entries({ failures: 'failure', errors: 'error', skipped: 'skipped' })) {
    t.equal(valueAt(xml, `sum(//testsuite/@${attribute}) = count(//${element})`), 'true', attribute)
  }
  t.equal(valueAt(xml, 'sum(//testsuite/@tests) = count(//testcase)'), 'true')
})

t.test('the requirements of a drill that is known to fail are not failures', async t => {
  const xml = junitOf(
    reportOf([
      drillOf({
        verdict: 'failed',
        expectation: 'known-failing',
        requirements: [requirementOf({ verdict: 'failed' })],
      }),
    ]),
  )
  t.equal(valueAt(xml, 'count(//failure)'), '0')
  t.equal(valueAt(xml, 'count(//skipped)'), '1')
})

t.test('a verdict that no requirement explains has a test case of its own', async t => {
  for (const { drill, element } of [
    { drill: drillOf({ verdict: 'failed', reason: 'The client crashed' }), element: 'failure' },
    { drill: drillOf({ verdict: 'error', requirements: [requirementOf({ verdict: 'skipped' })] }), element: 'error' },
    { drill: drillOf({ verdict: 'inconclusive', requirements: [] }), element: 'error' },
    { drill: drillOf({ verdict: 'skipped', requirements: [] }), element: 'skipped' },
    { drill: drillOf({ expectation: 'unexpected-pass' }), element: 'failure' },
  ]) {
    t.equal(
      valueAt(junitOf(reportOf([drill])), `count(//testcase[@name="retry-502/verdict"]/${element})`),
      '1',
      element,
    )
  }
})

t.test('text is read as it was written, except what XML cannot contain', async t => {
  const xml = junitOf(sample)
  t.equal(valueAt(xml, 'string(//testsuite[@name="hostile"]/system-err)'), READABLE)
  t.ok(valueAt(xml, 'string(//testsuite[@name="hostile"]//failure)').startsWith(`${READABLE}\nExpected: ${READABLE}`))
  t.equal(valueAt(xml, 'string(//testsuite[@name="hostile"]//property[@name="drill.title"]/@value)'), READABLE)
})
