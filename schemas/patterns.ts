// Schemas of the patterns that journal searches and faults match requests against.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from './literals.ts'
import { strict } from './strict.ts'

/** Unknown fields and operators are rejected when a pattern is compiled, with a list of the known ones. */
const open = { additionalProperties: true } as const

const REGULAR_EXPRESSION = 'A regular expression (RE2: no look-around, no back-references)'

const operators = Type.Object(
  {
    equalTo: Type.Optional(Type.String()),
    caseInsensitive: Type.Optional(Type.Boolean({ description: 'With equalTo' })),
    contains: Type.Optional(Type.String()),
    doesNotContain: Type.Optional(Type.String()),
    matches: Type.Optional(Type.String({ description: `${REGULAR_EXPRESSION} that must match the whole value` })),
    doesNotMatch: Type.Optional(Type.String()),
    absent: Type.Optional(Type.Boolean({ description: 'Whether the value must be absent' })),
    equalToJson: Type.Optional(Type.Unknown({ description: 'A JSON value, or a string that contains one' })),
    ignoreArrayOrder: Type.Optional(Type.Boolean({ description: 'With equalToJson' })),
    ignoreExtraElements: Type.Optional(Type.Boolean({ description: 'With equalToJson' })),
  },
  { description: 'All given operators must match; unknown operators are rejected', ...open },
)
export const StringPattern = Type.Object(operators.properties, { ...operators, $id: 'StringPattern' })
export type StringPattern = Static<typeof StringPattern>

const patternsByName = (what: string, pattern: typeof operators) =>
  Type.Optional(Type.Record(Type.String(), pattern, { description: `${what}, by name` }))

/** The fields that can be matched before the request body is read. */
const headFields = (pattern: typeof operators) => ({
  method: Type.Optional(Type.String({ description: 'Case-insensitive; ANY matches every method' })),
  url: Type.Optional(Type.String({ description: 'Path and query, without the sandbox prefix' })),
  urlPath: Type.Optional(Type.String({ description: 'The path without the query' })),
  urlPattern: Type.Optional(
    Type.String({ description: `${REGULAR_EXPRESSION} that must match the whole path and query` }),
  ),
  urlPathPattern: Type.Optional(Type.String({ description: `${REGULAR_EXPRESSION} that must match the whole path` })),
  headers: patternsByName('Headers', pattern),
  queryParameters: patternsByName('Query parameters', pattern),
  cookies: patternsByName('Cookies', pattern),
  range: Type.Optional(
    literals(['initial', 'resume'], {
      description:
        'initial: a request without Range, or whose Range starts at byte 0; resume: a request for bytes that start later',
    }),
  ),
})

/** The pattern in state documents, whose schema is self-contained; a `$id` would turn the pattern into a reference. */
export const HeadPattern = Type.Object(headFields(operators), strict)
export type HeadPattern = Static<typeof HeadPattern>

export const RequestPattern = Type.Object(
  {
    ...headFields(StringPattern),
    bodyPatterns: Type.Optional(Type.Array(StringPattern)),
    operation: Type.Optional(Type.String({ description: 'The operationId' })),
    api: Type.Optional(Type.String()),
    status: Type.Optional(Type.Integer({ description: 'The status of the response' })),
  },
  {
    $id: 'RequestPattern',
    description:
      "WireMock's request pattern, with the additional fields operation, api and status. All given fields must match; unknown fields are rejected.",
    ...open,
  },
)
export type RequestPattern = Static<typeof RequestPattern>

const textsByName = (what: string) =>
  Type.Optional(
    Type.Record(
      Type.String(),
      Type.Union([Type.String(), StringPattern], {
        description: 'A string that the value must equal, or a StringPattern',
      }),
      { description: `${what}, by name: a string that the value must equal, or a StringPattern` },
    ),
  )

export const FaultMatch = Type.Object(
  {
    ...headFields(StringPattern),
    headers: textsByName('Headers'),
    queryParameters: textsByName('Query parameters'),
    cookies: textsByName('Cookies'),
  },
  {
    $id: 'FaultMatch',
    description:
      'Limits the fault to matching requests: a request pattern without bodyPatterns and status, because faults are matched ' +
      'before the body is read. All given fields must match; unknown fields are rejected.',
    ...open,
  },
)
export type FaultMatch = Static<typeof FaultMatch>
