// Schemas of the journal in the control API: requests and responses in WireMock's format, searches and expectations.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { SentBody } from './control/downloads.ts'
import { HoldEnd, HoldPoint } from './holds.ts'
import { literals } from './literals.ts'
import { RequestPattern } from './patterns.ts'
import { strict } from './strict.ts'

const nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
const iso = (description: string) => Type.String({ format: 'date-time', description })
const Headers = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))

export const LoggedRequest = Type.Object(
  {
    url: Type.String({ description: 'Path and query, without the sandbox prefix' }),
    absoluteUrl: Type.String({ description: 'The URL as the client sent it' }),
    method: Type.String(),
    clientIp: Type.String(),
    headers: Headers,
    cookies: Type.Record(Type.String(), Type.String()),
    queryParams: Type.Record(
      Type.String(),
      Type.Object({ key: Type.String(), values: Type.Array(Type.String()) }, strict),
    ),
    browserProxyRequest: Type.Literal(false),
    loggedDate: Type.Integer({ description: 'When the request arrived, in real time, epoch ms' }),
    loggedDateString: iso('loggedDate in ISO 8601'),
    body: Type.String({ description: 'The body if it is text, otherwise empty' }),
    bodyAsBase64: Type.String({ description: 'The redacted body in base64' }),
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
  {
    ...strict,
    description:
      'How much of the body the journal shows: the start of long bodies, nothing of streams and binary bodies',
  },
)

const AppliedFault = Type.Object(
  {
    id: Type.String(),
    fault: Type.String(),
    plan: Type.Optional(
      Type.Object(
        { name: Type.String(), stage: Type.Integer({ description: 'Starting at 1' }) },
        { ...strict, description: 'The stage of the plan that the fault was armed with' },
      ),
    ),
    hold: Type.Optional(
      Type.Object(
        {
          at: HoldPoint,
          ended: nullable(HoldEnd, 'What ended the hold; null while the request is held'),
        },
        { ...strict, description: 'Of the fault kind hold' },
      ),
    ),
  },
  strict,
)

export const RequestMetadata = Type.Object(
  {
    sandbox: Type.String(),
    api: nullable(Type.String()),
    operation: nullable(Type.String()),
    path: Type.String({ description: 'The routed path with its query' }),
    principal: nullable(Type.String(), 'The beginning of the credential'),
    virtualTime: iso('When the request arrived, in virtual time'),
    fault: nullable(AppliedFault, 'The fault that was applied'),
    forced: nullable(Type.String(), 'The documented response that the request asked for'),
    error: nullable(Type.String(), 'The name of the returned error in the catalogue of the API'),
    durationMs: nullable(Type.Number(), 'Null until the response is complete'),
    requestBody: BodySize,
    responseBody: nullable(BodySize),
    sent: nullable(SentBody, 'What was sent of a file, for the response to a download'),
    canRewind: Type.Boolean({
      description:
        'Whether a sandbox can be created from what this one contained right after the request; see --history',
    }),
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
        {
          ...strict,
          description: 'Absent until the response is complete, or if the connection was closed before it was',
        },
      ),
    ),
    wasMatched: Type.Boolean({ description: 'Whether a route matched the request' }),
    firedrill: RequestMetadata,
  },
  { $id: 'ServeEvent', ...strict },
)
export type ServeEvent = Static<typeof ServeEvent>

const requestJournalDisabled = Type.Boolean()

export const RequestQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 0, description: 'The maximum number of requests, latest first' })),
  since: Type.Optional(Type.String({ description: 'Only requests after this real time, ISO 8601' })),
  before: Type.Optional(
    Type.String({
      description: 'Only requests that arrived before the request with this id, to read the journal in parts',
    }),
  ),
  unmatched: Type.Optional(Type.Boolean({ description: 'Only requests that no route matched' })),
})
export type RequestQuery = Static<typeof RequestQuery>

export const RequestLog = Type.Object(
  {
    requests: Type.Array(ServeEvent, { description: 'Latest first' }),
    meta: Type.Object({ total: Type.Integer({ description: 'The number of requests in the journal' }) }, strict),
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
    count: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The minimum number of matching requests; default 1' }),
    ),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000, description: 'In real time; default 5000' })),
  },
  { $id: 'RequestWait', ...strict },
)
export type RequestWait = Static<typeof RequestWait>

export const RequestExpectation = Type.Object(
  {
    match,
    count: Type.Optional(Type.Integer({ minimum: 0, description: 'The exact number of matching requests' })),
    atLeast: Type.Optional(
      Type.Integer({ minimum: 0, description: 'The minimum number; default 1 if no number is given' }),
    ),
    atMost: Type.Optional(Type.Integer({ minimum: 0, description: 'The maximum number' })),
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
      'What was expected, what was found, and the most similar requests; null if passed',
    ),
  },
  { $id: 'Verdict', ...strict },
)
export type Verdict = Static<typeof Verdict>

export const Check = Type.Object(
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
    url: Type.String({ description: 'The URL, with path parameters as :name' }),
    difference: Type.String({ description: 'What to change in the request' }),
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
    verdict: Type.String({ description: 'The result in one sentence' }),
    checks: Type.Array(Check, { description: 'The checks in the order of the request stages' }),
    unknownParameters: Type.Array(UnknownParameter, {
      description: 'Query and form parameters that the operation does not have, and therefore ignores or refuses',
    }),
    nearest: Type.Array(NearOperation, {
      description: 'The most similar operations, for a request that no route matched',
    }),
  },
  { $id: 'Explanation', ...strict },
)
export type Explanation = Static<typeof Explanation>

export const Har = Type.Object(
  { log: Type.Object({ version: Type.Literal('1.2') }, { additionalProperties: true }) },
  { $id: 'Har', description: 'HTTP Archive 1.2', additionalProperties: true },
)
