// The catalogue of faults as data: what each does to a request, and the parameters that it is set with.
import { type Static, type TProperties, Type } from '@sinclair/typebox'
import { strict } from '../../../schemas/strict.ts'
import { DAY_MS } from '../clock/durations.ts'

/** The longest that a request is kept waiting: a day, in ms. */
export const MAX_MS = DAY_MS

function kind<Name extends string, Knobs extends TProperties>(fault: Name, description: string, parameters: Knobs) {
  return Type.Object({ fault: Type.Literal(fault), ...parameters }, { ...strict, description })
}

const ms = (description: string) => Type.Number({ minimum: 0, maximum: MAX_MS, description })
const delayKnobs = {
  clock: Type.Optional(
    Type.Union([Type.Literal('real'), Type.Literal('virtual')], {
      description: "Whose time passes: this machine's (real, the default), or the sandbox's",
    }),
  ),
}

/** What else there is in a header, Node refuses to send. */
const HEADER_TEXT = { minLength: 1, pattern: '^[ -~]*$' }

/** A kind that can be set in several ways has a form for each. */
export const forms = [
  kind('error', 'Answers with an error of the API, in its own shape; nothing else happens.', {
    name: Type.String({ description: "From the API's catalogue of errors" }),
  }),
  kind('status', 'Answers with any status and body, in nobody’s shape; nothing else happens.', {
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    body: Type.Optional(
      Type.Unknown({ description: 'Text is sent as it is, anything else as JSON; empty without it' }),
    ),
    contentType: Type.Optional(
      Type.String({
        ...HEADER_TEXT,
        description: 'text/plain for text and application/json for the rest, when left out',
      }),
    ),
  }),
  kind('delay', 'Answers as ever, after a fixed time.', { ms: ms('How long'), ...delayKnobs }),
  kind('delay', 'Answers as ever, after a time that is any between two with the same likelihood.', {
    distribution: Type.Literal('uniform'),
    minMs: ms('The shortest'),
    maxMs: ms('The longest'),
    ...delayKnobs,
  }),
  kind('delay', 'Answers as ever, after a time that is often short and now and then very long.', {
    distribution: Type.Literal('lognormal'),
    medianMs: ms('Half of the times are shorter'),
    sigma: Type.Number({ minimum: 0, maximum: 10, description: 'How far they spread: 0 not at all, 1 widely' }),
    ...delayKnobs,
  }),
  kind('reset', 'Resets the TCP connection.', {
    when: Type.Optional(
      Type.Union([Type.Literal('before-headers'), Type.Literal('after-headers')], {
        description:
          'before-headers (the default): the operation did not happen; after-headers: it did, its status and headers are sent',
      }),
    ),
  }),
  kind('reset', 'Resets the TCP connection in the middle of a body: the operation happened.', {
    when: Type.Literal('mid-body'),
    afterBytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'So much of the body is sent; half of it when left out' }),
    ),
  }),
  kind('hang', 'Never answers; ends when the client, the sandbox or the server goes.', {}),
  kind('empty-body', 'The operation happens; its status and headers are sent, its body is empty.', {}),
  kind('malformed-body', 'The operation happens; its body is spoilt.', {
    how: Type.Optional(
      Type.Union([Type.Literal('truncated'), Type.Literal('garbled')], {
        description: 'truncated (the default): its first half, as if that were all; garbled: every byte inverted',
      }),
    ),
  }),
  kind('content-type', 'The operation happens; its body is declared to be something else.', {
    type: Type.Optional(Type.String({ ...HEADER_TEXT, description: 'text/html when left out' })),
  }),
  kind('proxy-error', 'Answers with the HTML page of an nginx in front of the API; nothing else happens.', {
    status: Type.Optional(
      Type.Union([Type.Literal(502), Type.Literal(503), Type.Literal(504)], { description: '502 when left out' }),
    ),
  }),
  kind('rate-limit', "Answers 429: the API's own where it has one, else the page of an nginx in front of it.", {
    retryAfterSeconds: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Sent as Retry-After; no such header when left out' }),
    ),
  }),
] as const

export const Fault = Type.Union([...forms])
export type Fault = Static<typeof Fault>
export type FaultOf<Name extends Fault['fault']> = Extract<Fault, { fault: Name }>

/** A request that a sequence lets through. */
export const NO_FAULT = 'none'
const NoFault = Type.Object({ fault: Type.Literal(NO_FAULT) }, strict)

/** What happens to one request after the other. */
export const sequenceForms = [...forms, NoFault] as const
export const Sequence = Type.Array(Type.Union([...sequenceForms]), { minItems: 1, maxItems: 1000 })
export type Sequence = Static<typeof Sequence>
