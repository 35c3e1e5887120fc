// The verdicts of runs, and the effect of known failures on the verdict of a certification.
import t from 'tap'
import type { CertificationResult, Drill } from '../../../src/index.ts'
import type { Firedrill } from '../../../src/start.ts'
import { boot } from '../../helpers.ts'
import { certificationOf, correctClient, runClient, taskOf, wrongClient } from './client.ts'

/** The client lists the restores of an instance `calls` times, then ends. */
async function listRestores(server: Firedrill, id: string, calls: number, result: Partial<CertificationResult> = {}) {
  const { url, drill } = taskOf(server, id)
  for (let call = 0; call < calls; call++) {
    const answer = await fetch(`${url}/v1/instances/10000000-0000-4000-8000-000000000001/restores`, {
      headers: { authorization: 'Bearer demo-token' },
    })
    await answer.arrayBuffer()
  }
  return server.certifications.submit(id, { drill, claim: 'success', ...result })
}

/** A drill that asks for two calls, in one requirement of the kind. */
function twoCalls(kind: Drill['requirements'][number]['kind']): Drill {
  return {
    id: 'two-calls',
    version: 3,
    title: 'Two calls',
    api: 'a9s',
    task: 'List the restores twice.',
    teaches: 'The client lists them once.',
    inputs: {},
    credentials: { token: 'demo-token' },
    from: { scenario: 'documented' },
    clock: '2026-06-10T12:00:00Z',
    timeLimit: '5s',
    requirements: [
      {
        id: 'two-calls/twice',
        version: 2,
        kind,
        text: 'List them twice.',
        provenance: { kind: 'inferred', source: 'The test says so.' },
        rule: { rule: 'calls', operation: 'listRestores', exactly: 2 },
      },
    ],
  }
}

function certificationOfDocument(server: Firedrill, document: Drill, knownFailing: string[] = []): string {
  return server.certifications.create({ documents: [document], timeScale: 0, knownFailing }).id
}

t.test('the kind of a requirement decides what its failure means', async t => {
  const server = await boot(t)
  const cases = [
    { kind: 'required', requirement: 'failed', drill: 'failed', certification: 'failed' },
    { kind: 'recommended', requirement: 'warning', drill: 'warning', certification: 'passed' },
    { kind: 'check', requirement: 'warning', drill: 'passed', certification: 'passed' },
  ] as const
  for (const { kind, requirement, drill, certification } of cases) {
    const id = certificationOfDocument(server, twoCalls(kind))
    const judged = await listRestores(server, id, 1)
    t.match(judged, { id: 'two-calls', version: 3, verdict: drill }, kind)
    t.match(
      judged.requirements.find(each => each.id === 'two-calls/twice'),
      { version: 2, kind, verdict: requirement, observed: 'found 1' },
      kind,
    )
    t.equal(server.certifications.report(id).verdict, certification, kind)
    const good = certificationOfDocument(server, twoCalls(kind))
    t.equal((await listRestores(server, good, 2)).verdict, 'passed', kind)
  }
})

t.test('a client that never calls the API has shown nothing', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'no-retry-403,retry-502')
  const judged = await listRestores(server, id, 0, { claim: 'failure' })
  t.match(judged, {
    lifecycle: 'finished',
    verdict: 'inconclusive',
    reason: 'The client sent no request to the API.',
    calls: [],
  })
  const [ends, ...own] = judged.requirements
  t.match(ends, { id: 'no-retry-403/client-ends', verdict: 'passed' })
  t.ok(own.length > 0 && own.every(({ verdict }) => verdict === 'inconclusive'))
  const otherApi = await server.certifications.next(id).task
  await fetch(`${otherApi?.url}/v3/apps`)
  t.match(await server.certifications.submit(id, { drill: 'retry-502', claim: 'success' }), {
    verdict: 'inconclusive',
    calls: [{ path: '/v3/apps' }],
  })
  t.equal(server.certifications.report(id).verdict, 'inconclusive')
})

t.test('a fault that never fired makes a run inconclusive, also when something failed', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'retry-502')
  const judged = await listRestores(server, id, 1, { claim: 'failure' })
  t.match(judged, {
    verdict: 'inconclusive',
    reason: 'Expected fault 1 on prepareDisasterRecovery to fire once; it fired 0 times.',
  })
  t.ok(judged.requirements.some(({ verdict }) => verdict === 'failed'))
})

t.test('a client that does not end as it should fails', async t => {
  const server = await boot(t)
  const endings: { result: Partial<CertificationResult>; observed: string }[] = [
    { result: { claim: 'none', timedOut: true, signal: 'SIGTERM' }, observed: 'it was stopped after 5s' },
    { result: { claim: 'none', signal: 'SIGSEGV' }, observed: 'it was ended by SIGSEGV' },
    { result: { claim: 'none', exitCode: 3 }, observed: 'it ended with exit code 3' },
    { result: { claim: 'none' }, observed: 'it claimed nothing' },
    { result: { claim: 'none', exitCode: 0, problem: 'The answer is not JSON.' }, observed: 'The answer is not JSON' },
    {
      result: { claim: 'success', answer: { outcome: 'failure' } },
      observed: 'it claimed success, but the outcome in its answer is "failure"',
    },
  ]
  for (const { result, observed } of endings) {
    const judged = await listRestores(server, certificationOfDocument(server, twoCalls('required')), 2, result)
    t.equal(judged.verdict, 'failed', observed)
    const [ends] = judged.requirements
    t.match(ends, {
      id: 'two-calls/client-ends',
      kind: 'required',
      verdict: 'failed',
      expected: 'the client to end within 5s and to say how its task went',
      observed,
    })
    t.match(judged.result, { claim: result.claim })
    for (const { id } of server.certifications.list()) server.certifications.delete(id)
  }
})

t.test('a run whose requests are not all in the journal cannot be judged', async t => {
  const server = await boot(t, { journalEntries: 2 })
  const id = certificationOfDocument(server, twoCalls('required'))
  const judged = await listRestores(server, id, 3)
  t.match(judged, { lifecycle: 'finished', verdict: 'error', reason: /^The journal no longer holds all requests/ })
  t.equal(judged.calls.length, 2, 'what is left is shown')
  t.ok(judged.requirements.every(({ verdict }) => verdict === 'error'))
  t.equal(server.certifications.report(id).verdict, 'inconclusive')
})

t.test('a drill that cannot be started is an error, and the next one is started', async t => {
  const server = await boot(t)
  const broken: Drill = { ...twoCalls('required'), id: 'broken', from: { scenario: 'nope' } }
  const [requirement] = broken.requirements
  const documents: Drill[] = [
    { ...broken, requirements: [{ ...(requirement as Drill['requirements'][number]), id: 'broken/twice' }] },
    twoCalls('required'),
  ]
  const { id } = server.certifications.create({ documents, timeScale: 0 })
  t.equal((await listRestores(server, id, 2)).verdict, 'passed')
  const { drills, verdict, lifecycle } = server.certifications.report(id)
  t.match(drills[0], {
    verdict: 'error',
    reason: /^The drill cannot be started: there is no scenario "nope"/,
    clock: null,
    result: null,
  })
  t.same({ verdict, lifecycle }, { verdict: 'inconclusive', lifecycle: 'finished' })
})

t.test('known failures do not fail a certification, and unexpected passes do', async t => {
  const server = await boot(t)
  const certify = async (knownFailing: string[], isCorrect: boolean) => {
    const id = certificationOf(server, 'retry-502', { knownFailing })
    await runClient(server, id, (isCorrect ? correctClient : wrongClient)('retry-502'))
    const { verdict, drills } = server.certifications.report(id)
    server.certifications.delete(id)
    const [drill] = drills
    const requirements = Object.fromEntries(
      (drill?.requirements ?? []).flatMap(each => (each.expectation ? [[each.id, each.expectation]] : [])),
    )
    return { verdict, drill: drill?.expectation, requirements }
  }
  t.same(await certify([], false), { verdict: 'failed', drill: undefined, requirements: {} })
  t.same(await certify(['retry-502'], false), { verdict: 'passed', drill: 'known-failing', requirements: {} })
  t.same(await certify(['retry-502'], true), { verdict: 'failed', drill: 'unexpected-pass', requirements: {} })
  const all = ['retry-502/tries-twice', 'retry-502/succeeds', 'retry-502/outcome']
  const allKnown = Object.fromEntries(all.map(id => [id, 'known-failing']))
  t.same(await certify(all, false), { verdict: 'passed', drill: 'known-failing', requirements: allKnown })
  const { 'retry-502/outcome': _, ...some } = allKnown
  t.same(
    await certify(Object.keys(some), false),
    { verdict: 'failed', drill: undefined, requirements: some },
    'one failure is not known',
  )
  t.same(
    await certify([...all, 'retry-502/waits'], false),
    { verdict: 'failed', drill: 'known-failing', requirements: { ...allKnown, 'retry-502/waits': 'unexpected-pass' } },
    'one of them passes',
  )
})

t.test('a warning of a known requirement is expected', async t => {
  const server = await boot(t)
  const id = certificationOfDocument(server, twoCalls('recommended'), ['two-calls/twice'])
  const judged = await listRestores(server, id, 1)
  t.match(judged.requirements.at(-1), { verdict: 'warning', expectation: 'known-failing' })
  t.equal(server.certifications.report(id).verdict, 'passed')
})
