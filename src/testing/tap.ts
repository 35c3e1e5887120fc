// The door for tap: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type Door, doorFor } from './sandbox.ts'

/** What tap hands to a test. */
interface TapTest {
  readonly name: string
  teardown(drop: () => void): unknown
}

/** As `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): Door<TapTest> {
  return doorFor(
    test => test.name,
    (test, drop) => void test.teardown(drop),
    options,
  )
}

export const firedrill = withOptions({})
