// Patterns that requests are matched with, by searches of the journal and by faults.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from './strict.ts'

/** Unknown fields and operators are refused when a pattern is compiled, with a list of the known ones. */
const open = { additionalProperties: true } as const

/** Said once for each field that takes one. */
const REGULAR_EXPRESSION = 'A regular expression (RE2: no look-around, no back-references)'

const operators = Type.Object(
  {
    equalTo: Type.Optional(Type.String()),
    caseInsensitive: Type.Optional(Type.Boolean({ description: 'With equalTo' })),
    contains: Type.Optional(Type.String()),
    doesNotContain: Type.Optional(Type.String()),
    matches: Type.Optional(Type.String({ description: `${REGULAR_EXPRESSION} for all of it` })),
    doesNotMatch: Type.Optional(Type.String()),
    absent: Type.Optional(Type.Boolean({ description: 'Whether it must not be there at all' })),
    equalToJson: Type.Optional(Type.Unknown({ description: 'A JSON value, or a text that holds one' })),
    ignoreArrayOrder: Type.Optional(Type.Boolean({ description: 'With equalToJson' })),
    ignoreExtraElements: Type.Optional(Type.Boolean({ description: 'With equalToJson' })),
  },
  { description: 'All that is said must hold; other words are refused', ...open },
)
export const StringPattern = Type.Object(operators.properties, { ...operators, $id: 'StringPattern' })
export type StringPattern = Static<typeof StringPattern>

const patternsByName = (what: string, pattern: typeof operators) =>
  Type.Optional(Type.Record(Type.String(), pattern, { description: `${what}, by name` }))

/** What a pattern can say of a request before its body is read. */
const headFields = (pattern: typeof operators) => ({
  method: Type.Optional(Type.String({ description: 'In any case; ANY for all' })),
  url: Type.Optional(Type.String({ description: 'Path and query, without what leads to the sandbox' })),
  urlPath: Type.Optional(Type.String({ description: 'The path alone' })),
  urlPattern: Type.Optional(Type.String({ description: `${REGULAR_EXPRESSION} for all of path and query` })),
  urlPathPattern: Type.Optional(Type.String({ description: `${REGULAR_EXPRESSION} for all of the path` })),
  headers: patternsByName('Headers', pattern),
  queryParameters: patternsByName('Query parameters', pattern),
  cookies: patternsByName('Cookies', pattern),
})

/** As state documents hold it. Their schema stands alone, so that the pattern has no `$id` there. */
export const HeadPattern = Type.Object(headFields(operators), strict)
export type HeadPattern = Static<typeof HeadPattern>

export const RequestPattern = Type.Object(
  {
    ...headFields(StringPattern),
    bodyPatterns: Type.Optional(Type.Array(StringPattern)),
    operation: Type.Optional(Type.String({ description: 'By its operationId' })),
    api: Type.Optional(Type.String()),
    status: Type.Optional(Type.Integer({ description: 'Of the answer' })),
  },
  {
    $id: 'RequestPattern',
    description:
      "WireMock's, and besides operation, api and status. All that is said must hold; other fields are refused.",
    ...open,
  },
)
export type RequestPattern = Static<typeof RequestPattern>

const textsByName = (what: string) =>
  Type.Optional(
    Type.Record(
      Type.String(),
      Type.Union([Type.String(), StringPattern], { description: 'a text for what it must equal, or a StringPattern' }),
      { description: `${what}, by name: a text for what it must equal, or what a pattern says` },
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
      'Which requests of the operation: a request pattern without bodyPatterns and status, because a fault is decided before ' +
      'the body is read. All that is said must hold; other fields are refused.',
    ...open,
  },
)
export type FaultMatch = Static<typeof FaultMatch>
