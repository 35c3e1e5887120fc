// Values for fuzzing: most as a JSON schema describes them, some unexpected.
import fc from 'fast-check'

export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  format?: string
  minimum?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
}

export type Resolve = (ref: string) => Schema

/** Names that every object inherits, and texts that parsers, clocks, patterns and databases often handle wrongly. */
export const UNEXPECTED_TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '1.5',
  '1e21',
  '1e-300',
  'NaN',
  'Infinity',
  '9'.repeat(40),
  '8640000000000000',
  '8640000000000001',
  'null',
  'true',
  '__proto__',
  'constructor',
  'valueOf',
  'toString',
  'hasOwnProperty',
  'prototype',
  '../../etc/passwd',
  '..',
  '.',
  '/',
  '\\',
  '%',
  '%zz',
  '%00',
  '%2e%2e%2f',
  '\0',
  '\n',
  '\r\nX-Injected: 1',
  '\ud800',
  '\u{1f4a5}',
  '\u202e',
  'é',
  'a'.repeat(70),
  'a'.repeat(3000),
  "' OR 1=1 --",
  '"',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '(a+)+$',
  '[',
  '(',
  '*',
  '\\1',
  '(?=a)',
  '(?i)a.*',
  '.*',
]

/** Valid and invalid instants and durations. */
export const TIMES = [
  '0s',
  '1ms',
  '250ms',
  '5m',
  '1h30m',
  '1d',
  '30d',
  'PT5M',
  'P1DT2H',
  'P',
  'PT',
  '5 m',
  '-5m',
  '+5m',
  '+0s',
  '+1d',
  '2026-06-10T12:00:00Z',
  '2026-06-11',
  '2026-02-31',
  '2026-06-10T25:00:00Z',
  '1970-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '99999999999999d',
  '8640000000000000',
  '1e21s',
  'noon',
]

const NUMBERS = [
  0,
  -0,
  1,
  2,
  3,
  -1,
  1.5,
  1e21,
  -1e21,
  1e-300,
  5e-324,
  Number.MAX_VALUE,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  8.64e15,
  8.64e15 + 2,
]

export const unexpectedText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...UNEXPECTED_TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(...TIMES) },
  { weight: 2, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 12 }).map(units => String.fromCharCode(...units)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
)

export const unexpectedNumber = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.integer({ min: -5, max: 1000 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
)

/** Of any type, regardless of the schema. */
export const unexpectedValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: unexpectedText },
  { weight: 3, arbitrary: unexpectedNumber },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], { a: { b: [] } }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
)

/** Values that an operation accepts, by the name of the property or parameter. */
export type Hints = Readonly<Record<string, readonly unknown[]>>

const UNEXPECTED_NAMES = ['__proto__', 'constructor', 'toString', '', 'x', 'fault', 'a'.repeat(300)]
const MAX_DEPTH = 5

/** Builds arbitraries from the schemas of one document. */
export class Values {
  readonly #resolve: Resolve
  readonly #hints: Hints

  constructor(resolve: Resolve, hints: Hints) {
    this.#resolve = resolve
    this.#hints = hints
  }

  /** Mostly what the schema describes. `names` are the names to look up in the hints, the most specific one last. */
  of(schema: Schema, ...names: string[]): fc.Arbitrary<unknown> {
    return this.#at(schema, 0, names)
  }

  #at(schema: Schema, depth: number, names: readonly string[] = []): fc.Arbitrary<unknown> {
    const known = names.findLast(name => Object.hasOwn(this.#hints, name))
    const hinted = known === undefined ? undefined : this.#hints[known]
    const fitting = this.#fitting(schema, depth)
    return fc.oneof(
      { weight: 14, arbitrary: fitting },
      ...(hinted ? [{ weight: 30, arbitrary: fc.constantFrom(...hinted) }] : []),
      { weight: 1, arbitrary: unexpectedValue },
    )
  }

  #fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref) return this.#fitting(this.#resolve(schema.$ref), depth)
    if ('const' in schema) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(each => this.#at(each, depth + 1)))
    if (schema.type === 'object') return depth > MAX_DEPTH ? fc.constant({}) : this.#object(schema, depth)
    if (schema.type === 'array') {
      return depth > MAX_DEPTH ? fc.constant([]) : fc.array(this.#at(schema.items ?? {}, depth + 1), { maxLength: 3 })
    }
    if (schema.type === 'integer') return fc.oneof(fc.integer({ min: schema.minimum ?? 0, max: 50 }), unexpectedNumber)
    if (schema.type === 'number') return fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), unexpectedNumber)
    if (schema.type === 'boolean') return fc.boolean()
    if (schema.type === 'string') return unexpectedText
    return unexpectedValue
  }

  #object({ properties = {}, required = [], additionalProperties, patternProperties = {} }: Schema, depth: number) {
    const fields = Object.entries(properties).map(([name, schema]) => {
      const likely = required.includes(name) ? 19 : 1
      const value = this.#at(schema, depth + 1, [name])
      return fc.oneof(
        { weight: likely, arbitrary: value.map(each => [[name, each]]) },
        { weight: 1, arbitrary: fc.constant([]) },
      )
    })
    const [free] = [...Object.values(patternProperties), additionalProperties]
    const freeValue = typeof free === 'object' ? this.#at(free, depth + 1) : unexpectedValue
    const freeName = fc.oneof(unexpectedText, fc.constantFrom(...UNEXPECTED_NAMES))
    const extra = fc.array(fc.tuple(freeName, freeValue), { maxLength: 2 })
    const none = fc.constant<[string, unknown][]>([])
    const isOpen = typeof free === 'object'
    const extras = fc.oneof({ weight: isOpen ? 1 : 12, arbitrary: none }, { weight: 1, arbitrary: extra })
    return fc
      .tuple(fc.tuple(...fields), extras)
      .map(([own, more]) => Object.fromEntries([...own.flat(), ...more] as [string, unknown][]))
  }
}
