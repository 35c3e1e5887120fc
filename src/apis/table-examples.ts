// What an API gives as an example of how a row gets into one of its tables.

/** A command, or the rows of a state document that has no others. */
export type TableExample =
  | {
      /** For a POSIX shell. `url` is that of the sandbox. It works if the users, instances, applications and stores of the demo data exist. */
      command(url: string): string
    }
  | {
      /** By table. Where no request of the API adds a row whatever else the sandbox contains. */
      rows: Readonly<Record<string, readonly object[]>>
    }

export type TableExamples = Readonly<Record<string, TableExample>>

/** The first rows of tables of the demo data. */
export function demoRows<Fixture extends Readonly<Record<string, readonly object[]>>>(
  fixture: Fixture,
  ...tables: (keyof Fixture & string)[]
): TableExample {
  return { rows: Object.fromEntries(tables.map(table => [table, fixture[table]?.slice(0, 1) ?? []])) }
}
