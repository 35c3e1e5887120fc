// Fault `delay`: the response comes later, by a fixed or a random time.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { type FaultedRequest, faultKind } from '../kind.ts'
import { MAX_MS, milliseconds } from '../parameters.ts'
import { clockField, waitOf } from '../waiting.ts'

const Fixed = Type.Object(
  { ms: milliseconds('The delay in ms'), ...clockField },
  { ...strict, description: 'Responds normally, after a fixed time.' },
)
const Uniform = Type.Object(
  {
    distribution: Type.Literal('uniform'),
    minMs: milliseconds('The shortest delay in ms'),
    maxMs: milliseconds('The longest delay in ms'),
    ...clockField,
  },
  { ...strict, description: 'Responds normally, after a uniformly distributed time.' },
)
const Lognormal = Type.Object(
  {
    distribution: Type.Literal('lognormal'),
    medianMs: milliseconds('The median delay in ms'),
    sigma: Type.Number({
      minimum: 0,
      maximum: 10,
      description: 'The spread: 0 for equal delays, 1 for very different ones',
    }),
    ...clockField,
  },
  {
    ...strict,
    description: 'Responds normally, after a log-normally distributed time: usually short, sometimes very long.',
  },
)
type Parameters = Static<typeof Fixed> | Static<typeof Uniform> | Static<typeof Lognormal>

export const delay = faultKind({
  name: 'delay',
  provokes: 'There is no timeout, or a timeout that is too short for a slow but correct response.',
  forms: [Fixed, Uniform, Lognormal],
  operationHappens: () => true,
  onRequest(parameters, { scope, resume, hold, draw }) {
    const ms = delayMs(parameters, draw)
    hold(waitOf(scope, parameters.clock ?? 'real', { from: scope.now, ms }), resume)
  },
})

function delayMs(parameters: Parameters, draw: FaultedRequest['draw']): number {
  if ('ms' in parameters) return parameters.ms
  if (parameters.distribution === 'uniform') {
    return parameters.minMs + draw('ms') * (parameters.maxMs - parameters.minMs)
  }
  // Box–Muller transform: two uniform draws make one normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - draw('radius'))) * Math.cos(2 * Math.PI * draw('angle'))
  return Math.min(parameters.medianMs * Math.exp(parameters.sigma * normal), MAX_MS)
}
