// The door for node:test: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type Door, doorFor } from './sandbox.ts'

/** What node:test hands to a test. */
interface NodeTest {
  readonly name: string
  after(drop: () => void): unknown
}

/** As `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): Door<NodeTest> {
  return doorFor(
    test => test.name,
    (test, drop) => void test.after(drop),
    options,
  )
}

export const firedrill = withOptions({})
