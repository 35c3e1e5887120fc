// Looks up names that come from outside, without finding inherited properties such as `constructor` and `__proto__`.

/** The record's own property of that name; undefined if there is none. */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
