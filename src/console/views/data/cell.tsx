// How a value of a table is shown: in a cell, and as a whole beside the table.
import type { ComponentChildren } from 'preact'
import type { Table } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Code } from '../../components/code.tsx'
import { dateTimeText, sizeText } from '../../state/text.ts'

export type Column = Table['columns'][number]

/** `sentParts` as words: `Sent parts`. */
export function titleOf(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const MAX_LENGTH = 80

/** One line. */
export function cellOf({ name, type, redacted }: Column, value: unknown): ComponentChildren {
  if (value === null || value === undefined) return <span class="muted">–</span>
  if (redacted) return <Badge tone="neutral">redacted</Badge>
  if (type === 'instant') return <time dateTime={String(value)}>{dateTimeText(String(value))}</time>
  if (type === 'boolean') return value === true ? 'yes' : 'no'
  if (type === 'number' && name.endsWith('Bytes'))
    return <span title={`${value} bytes`}>{sizeText(Number(value))}</span>
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

/** All of it. */
export function wholeOf(column: Column, value: unknown): ComponentChildren {
  if (value !== null && column.type === 'json' && !column.redacted) {
    return <Code text={JSON.stringify(value, null, 2)} label={titleOf(column.name)} isWrapped />
  }
  if (column.type === 'text' && typeof value === 'string' && !column.redacted) return value
  return cellOf(column, value)
}
