// Property test of rewinding: what follows in the copy of a sandbox is byte by byte what followed in the sandbox itself.
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { boot } from '../../helpers.ts'
import { type Known, play, type Sent, type Step, steps } from './replay.ts'

interface Played {
  step: Step
  sent: Sent | undefined
  /** The state of the sandbox and what its client knew, after the step. */
  state: Record<string, unknown>
  known: Known
}

t.test('a copy at any request continues as the sandbox did', async t => {
  const server = await boot(t, { history: 1000 })
  let run = 0
  let compared = 0
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (sequence, stride) => {
      run += 1
      const origin = `origin-${run}`
      server.sandboxes.create({ name: origin })
      const known: Known = {}
      const played: Played[] = []
      for (const step of sequence) {
        const sent = await play(server, origin, step, known)
        played.push({ step, sent, state: server.sandbox(origin).state.export(), known: { ...known } })
      }
      // The ids of requests before a reset are no longer in the journal.
      const lastReset = sequence.findLastIndex(step => 'control' in step && step.control === 'reset')
      for (const [index, { sent, state, known }] of played.entries()) {
        if (!sent?.id || index < lastReset || index % stride !== 0) continue
        const copy = `copied-${run}`
        server.sandboxes.create({ name: copy, from: { sandbox: origin, at: sent.id } })
        deepStrictEqual(server.sandbox(copy).state.export(), state, 'the same state')
        const knownToCopy = { ...known }
        for (const later of played.slice(index + 1)) {
          const again = await play(server, copy, later.step, knownToCopy)
          compared += again ? 1 : 0
          deepStrictEqual(again?.text, later.sent?.text)
          deepStrictEqual(server.sandbox(copy).state.export(), later.state)
        }
        deepStrictEqual(server.sandbox(origin).state.export(), played.at(-1)?.state, 'the sandbox is as it was')
        server.sandboxes.drop(copy)
      }
      server.sandboxes.drop(origin)
    }),
    { numRuns: 25, endOnFailure: true },
  )
  t.ok(compared > 20, 'enough was compared')
})
