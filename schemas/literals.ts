// A union of literal values, whose type is the union of exactly these values.
import { type SchemaOptions, type TLiteral, type TLiteralValue, type TUnion, Type } from '@sinclair/typebox'

/** `literals(['a', 'b'])` accepts and has the type `'a' | 'b'`; a plain `map` would widen it to `string`. */
export function literals<const Value extends TLiteralValue>(
  values: readonly Value[],
  options?: SchemaOptions,
): TUnion<TLiteral<Value>[]> {
  return Type.Union(
    values.map(value => Type.Literal(value)),
    options,
  )
}
