// Formats rows of words as aligned columns.

/** A missing word is a dash; the last column is not padded. */
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

/** Any value of JSON as text: a list of objects as a table, an object as a list of its fields. */
export function tableOf(value: unknown): string {
  if (value === undefined) return 'Done'
  if (Array.isArray(value)) return listText(value)
  if (typeof value !== 'object' || value === null) return String(value)
  return columns(Object.entries(value).map(([name, field]) => [name, cellOf(field)]))
}

function listText(items: readonly unknown[]): string {
  const names = [
    ...new Set(items.flatMap(item => (typeof item === 'object' && item !== null ? Object.keys(item) : []))),
  ]
  if (items.length === 0) return 'None'
  if (names.length === 0) return items.map(cellOf).join('\n')
  return columns([names, ...items.map(item => names.map(name => cellOf((item as Record<string, unknown>)[name])))])
}

function cellOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
