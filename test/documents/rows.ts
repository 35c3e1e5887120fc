// Tests each row of a documented table on a server of its own.
import t, { type Test } from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot } from '../helpers.ts'

export type RowTests = Record<string, (t: Test, server: Firedrill) => Promise<void>>

/** The names of the tests are the rows in the words of the document. */
export function testRows(document: string, rows: RowTests): void {
  t.test(document, async t => {
    for (const [row, test] of Object.entries(rows)) {
      await t.test(row, async t => test(t, await boot(t)))
    }
  })
}
