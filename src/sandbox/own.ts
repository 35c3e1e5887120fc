// Lookups by names that come from outside: what every object inherits (`constructor`, `__proto__`) is never found.

/** The record's own value of that name; undefined when it has none. */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
