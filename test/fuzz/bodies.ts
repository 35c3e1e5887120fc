// Bodies for fuzzed requests: JSON and forms as documented, and texts that may be neither.
import fc from 'fast-check'
import type { Pair } from './headers.ts'
import { text } from './texts.ts'
import { unexpectedValue } from './values.ts'

export interface Body {
  headers: readonly Pair[]
  text: string | undefined
}

export const NO_BODY: Body = { headers: [], text: undefined }

export function json(value: unknown): Body {
  return { headers: [['content-type', 'application/json']], text: JSON.stringify(value) ?? '' }
}

const BOUNDARY = 'boundary'

export function form([value, isMultipart]: readonly [unknown, boolean]): Body {
  const fields = Object.entries((typeof value === 'object' && value) || {}).map(
    ([name, field]): Pair => [name, text(field)],
  )
  if (!isMultipart) {
    const pairs = fields.map(([name, field]): Pair => [name.toWellFormed(), field.toWellFormed()])
    return {
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      text: new URLSearchParams(pairs.map(([name, field]): [string, string] => [name, field])).toString(),
    }
  }
  const parts = fields.map(
    ([name, field]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${field}\r\n`,
  )
  return {
    headers: [['content-type', `multipart/form-data; boundary=${BOUNDARY}`]],
    text: `${parts.join('')}--${BOUNDARY}--\r\n`,
  }
}

const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  '',
  'x',
  'application/xml',
]
const TEXTS = [
  '',
  '{',
  '[]',
  'null',
  '0',
  '"x"',
  '{"a":1}{',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{}}}',
  '%zz=%',
  '&&=&',
  '--',
  '\ufeff{}',
  'x'.repeat(2000),
]

/** A media type and a text that need not fit the operation, or each other. */
export const unrelatedBody: fc.Arbitrary<Body> = fc
  .tuple(fc.constantFrom(...TYPES), fc.oneof(fc.constantFrom(...TEXTS), unexpectedValue.map(text)))
  .map(([type, body]) => ({ headers: type === '' ? [] : [['content-type', type]], text: body }))
