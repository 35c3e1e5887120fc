// The latest result of a computation, for where almost every call is about the same key as the one before.

/** `compute`, which must depend on nothing but its key, run only when the key is another than last time. */
export function memoizeLast<Key, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  let latest: { key: Key; result: Result } | undefined
  return key => {
    if (latest === undefined || latest.key !== key) latest = { key, result: compute(key) }
    return latest.result
  }
}
