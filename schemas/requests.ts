// The journal over the control API: requests and answers in WireMock's shapes, and what is asked of them.
import { type Static, type TSchema, Type } from '@sinclair/typebox'

import { literals } from './literals.ts'
import { RequestPattern } from './patterns.ts'
import { strict } from './strict.ts'

const nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
const iso = (description: string) => Type.String({ format: 'date-time', description })
const Headers = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))

export const LoggedRequest = Type.Object(
  {
    url: Type.String({ description: 'Path and query, without what leads to the sandbox' }),
    absoluteUrl: Type.String({ description: 'As it was sent' }),
    method: Type.String(),
    clientIp: Type.String(),
    headers: Headers,
    cookies: Type.Record(Type.String(), Type.String()),
    queryParams: Type.Record(
      Type.String(),
      Type.Object({ key: Type.String(), values: Type.Array(Type.String()) }, strict),
    ),
    browserProxyRequest: Type.Literal(false),
    loggedDate: Type.Integer({ description: 'When it came, in this machine’s time, epoch ms' }),
    loggedDateString: iso('The same'),
    body: Type.String({ description: 'Empty when it is no text' }),
    bodyAsBase64: Type.String({ description: 'Of body, secrets left out' }),
    protocol: Type.String(),
  },
  { $id: 'LoggedRequest', ...strict },
)
export type LoggedRequest = Static<typeof LoggedRequest>

const BodySize = Type.Object(
  {
    sizeBytes: Type.Integer(),
    shown: literals(['whole', 'start', 'none']),
  },
  { ...strict, description: 'Long bodies show their start; streams and what is no text, nothing' },
)

export const RequestMetadata = Type.Object(
  {
    sandbox: Type.String(),
    api: nullable(Type.String()),
    operation: nullable(Type.String()),
    path: Type.String({ description: 'As routed, with its query' }),
    principal: nullable(Type.String(), 'Whose credential it was: its beginning'),
    virtualTime: iso('When it came, in the sandbox’s time'),
    fault: nullable(Type.Object({ id: Type.String(), fault: Type.String() }, strict), 'The fault that it ran into'),
    forced: nullable(Type.String(), 'The documented answer that it asked for'),
    error: nullable(Type.String(), 'What it was answered, by its name in the API’s catalogue'),
    durationMs: nullable(Type.Number(), 'Null while it is on its way'),
    requestBody: BodySize,
    responseBody: nullable(BodySize),
  },
  { $id: 'RequestMetadata', ...strict },
)
export type RequestMetadata = Static<typeof RequestMetadata>

export const ServeEvent = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    request: LoggedRequest,
    responseDefinition: Type.Object({ status: Type.Optional(Type.Integer()) }, strict),
    response: Type.Optional(
      Type.Object(
        { status: Type.Integer(), headers: Headers, body: Type.String(), bodyAsBase64: Type.String() },
        { ...strict, description: 'None while the request is on its way, and none when its connection was cut' },
      ),
    ),
    wasMatched: Type.Boolean({ description: 'Something is served there' }),
    firedrill: RequestMetadata,
  },
  { $id: 'ServeEvent', ...strict },
)
export type ServeEvent = Static<typeof ServeEvent>

const requestJournalDisabled = Type.Boolean()

export const RequestQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 0, description: 'The latest so many' })),
  since: Type.Optional(Type.String({ description: 'Those after this instant of this machine’s time, ISO 8601' })),
  unmatched: Type.Optional(Type.Boolean({ description: 'Those at which nothing is served' })),
})
export type RequestQuery = Static<typeof RequestQuery>

export const RequestLog = Type.Object(
  {
    requests: Type.Array(ServeEvent, { description: 'The latest first' }),
    meta: Type.Object({ total: Type.Integer({ description: 'In the journal' }) }, strict),
    requestJournalDisabled,
  },
  { $id: 'RequestLog', ...strict },
)
export type RequestLog = Static<typeof RequestLog>

export const FoundRequests = Type.Object(
  { requests: Type.Array(LoggedRequest, { description: 'In order of arrival' }), requestJournalDisabled },
  { $id: 'FoundRequests', ...strict },
)
export type FoundRequests = Static<typeof FoundRequests>

export const RequestCount = Type.Object(
  { count: Type.Integer(), requestJournalDisabled },
  { $id: 'RequestCount', ...strict },
)
export type RequestCount = Static<typeof RequestCount>

export const RemovedRequests = Type.Object(
  { serveEvents: Type.Array(ServeEvent) },
  { $id: 'RemovedRequests', ...strict },
)
export type RemovedRequests = Static<typeof RemovedRequests>

const match = Type.Optional(RequestPattern)

export const RequestWait = Type.Object(
  {
    match,
    count: Type.Optional(Type.Integer({ minimum: 1, description: 'At least so many; one when left out' })),
    timeoutMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 60_000, description: 'In this machine’s time; 5000 when left out' }),
    ),
  },
  { $id: 'RequestWait', ...strict },
)
export type RequestWait = Static<typeof RequestWait>

export const RequestExpectation = Type.Object(
  {
    match,
    count: Type.Optional(Type.Integer({ minimum: 0, description: 'Exactly so many' })),
    atLeast: Type.Optional(Type.Integer({ minimum: 0, description: 'One when nothing is said' })),
    atMost: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { $id: 'RequestExpectation', ...strict },
)
export type RequestExpectation = Static<typeof RequestExpectation>

export const Verdict = Type.Object(
  {
    passed: Type.Boolean(),
    found: Type.Integer(),
    difference: nullable(
      Type.String(),
      'What was expected, what was found, and the nearest requests; null when passed',
    ),
  },
  { $id: 'Verdict', ...strict },
)
export type Verdict = Static<typeof Verdict>

const Check = Type.Object(
  {
    check: Type.String({ description: 'address, routing, forced, fault, authentication, parameters or rules' }),
    outcome: literals(['passed', 'failed', 'took over', 'not reached']),
    detail: Type.String(),
  },
  strict,
)
export type Check = Static<typeof Check>

const NearOperation = Type.Object(
  {
    operation: Type.String(),
    api: Type.String(),
    method: Type.String(),
    url: Type.String({ description: 'With parameters as :name' }),
    difference: Type.String({ description: 'What would have to be different in the request' }),
  },
  strict,
)
export type NearOperation = Static<typeof NearOperation>

const UnknownParameter = Type.Object(
  { name: Type.String(), nearest: nullable(Type.String(), 'The known parameter with the most similar name') },
  strict,
)
export type UnknownParameter = Static<typeof UnknownParameter>

export const Explanation = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    request: Type.String({ description: 'Method and URL' }),
    verdict: Type.String({ description: 'In a sentence' }),
    checks: Type.Array(Check, { description: 'In order' }),
    unknownParameters: Type.Array(UnknownParameter, {
      description: 'Query and form parameters that the operation does not know, and therefore ignores or refuses',
    }),
    nearest: Type.Array(NearOperation, { description: 'For a request at which nothing is served' }),
  },
  { $id: 'Explanation', ...strict },
)
export type Explanation = Static<typeof Explanation>

export const Har = Type.Object(
  { log: Type.Object({ version: Type.Literal('1.2') }, { additionalProperties: true }) },
  { $id: 'Har', description: 'HTTP Archive 1.2', additionalProperties: true },
)
