// Rows of words as aligned lines.

/** A missing word is a dash; the last column is as long as it likes. */
export function columns(rows: readonly (readonly (string | null | undefined)[])[]): string {
  const texts = rows.map(row => row.map(word => word ?? '-'))
  const widths = texts.reduce<number[]>(
    (widest, row) => row.map((word, index) => Math.max(word.length, widest[index] ?? 0)),
    [],
  )
  return texts
    .map(row =>
      row
        .map((word, index) => word.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
