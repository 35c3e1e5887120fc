// Counts requests and faults for each file, for the rules that count every file by itself.
import { Type } from '@sinclair/typebox'
import type { Store } from '../store.ts'
import { defineTable } from '../tables.ts'

/** More files than this do not match a rule, so that what it counts stays small. */
export const MAX_FILES_PER_RULE = 1000

export interface Counts {
  matched: number
  hits: number
}

/** The rule and the path, and what the rule counted for that path. */
export const faultFileTable = defineTable(
  'fault_file',
  'faultFiles',
  Type.Object({ fault: Type.String(), path: Type.String(), matched: Type.Integer(), hits: Type.Integer() }),
)

export const CREATE_FAULT_FILE = `CREATE TABLE fault_file (fault TEXT NOT NULL, path TEXT NOT NULL, matched INTEGER NOT NULL,
  hits INTEGER NOT NULL, PRIMARY KEY (fault, path)) STRICT;`

export class FileCounts {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Undefined for a path that is one too many. */
  read(fault: string, path: string): Counts | undefined {
    const known = this.#store.get<Counts>(
      'SELECT matched, hits FROM fault_file WHERE fault = ? AND path = ?',
      fault,
      path,
    )
    if (known) return known
    const files = this.#store.get<{ count: number }>('SELECT count(*) AS count FROM fault_file WHERE fault = ?', fault)
    return (files?.count ?? 0) < MAX_FILES_PER_RULE ? { matched: 0, hits: 0 } : undefined
  }

  write(fault: string, path: string, { matched, hits }: Counts): void {
    this.#store.run('INSERT OR REPLACE INTO fault_file VALUES (?, ?, ?, ?)', fault, path, matched, hits)
  }

  remove(fault: string): void {
    this.#store.run('DELETE FROM fault_file WHERE fault = ?', fault)
  }

  clear(): void {
    this.#store.run('DELETE FROM fault_file')
  }
}
