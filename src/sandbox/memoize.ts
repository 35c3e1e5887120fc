// Caches the last result of a function, for functions that are mostly called with the same key again.

/** Returns `compute` with its last result cached. `compute` must depend on its key only. */
export function memoizeLast<Key, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  let last: { key: Key; result: Result } | undefined
  return key => {
    if (last === undefined || last.key !== key) last = { key, result: compute(key) }
    return last.result
  }
}
