// A table of any number of rows that only renders those that can be seen. Arrow keys, j and k select; Enter opens.
import type { ComponentChildren, CSSProperties } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface Column<Row> {
  id: string
  title: string
  cell(row: Row): ComponentChildren
}

interface VirtualTableProps<Row> {
  label: string
  /** The class whose style sets the widths of the columns: \`grid-template-columns\` of \`.row\`. */
  class: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
  /** The key of the selected row. */
  selected: string | undefined
  onSelect(row: Row): void
  /** For Enter and a double click. */
  onOpen?(row: Row): void
  /** Added to the class of a row. */
  classOf?(row: Row): string
}

/** Rows that are rendered above and below those that can be seen. */
const MARGIN_ROWS = 8
/** In rem, unless the style sheet sets --row-rem. */
const ROW_REM = 2.125

interface Part {
  top: number
  height: number
  rowHeight: number
}

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, selected, onSelect, onOpen, classOf } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [part, setPart] = useState<Part>({ top: 0, height: 0, rowHeight: ROW_REM * 16 })

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => {
      const rowRem = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-rem')) || ROW_REM
      const remPixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      setPart({ top: element.scrollTop, height: element.clientHeight, rowHeight: rowRem * remPixels })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [])

  // New rows above those that are seen do not move them.
  const seen = useRef<{ key: string; offset: number } | undefined>(undefined)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !seen.current || element.scrollTop === 0) return
    const { key, offset } = seen.current
    const index = rows.findIndex(row => keyOf(row) === key)
    if (index < 0) return
    element.scrollTop = index * part.rowHeight + offset
    setPart({ ...part, top: element.scrollTop })
  }, [rows])
  useLayoutEffect(() => {
    const scrollTop = scroller.current?.scrollTop ?? 0
    const row = rows[Math.floor(scrollTop / part.rowHeight)]
    seen.current = row && { key: keyOf(row), offset: scrollTop % part.rowHeight }
  })

  const selectedIndex = selected === undefined ? -1 : rows.findIndex(row => keyOf(row) === selected)

  useEffect(() => {
    const element = scroller.current
    if (!element || selectedIndex < 0) return
    const top = selectedIndex * part.rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + part.rowHeight > element.scrollTop + element.clientHeight - part.rowHeight)
      element.scrollTop = top + 2 * part.rowHeight - element.clientHeight
  }, [selected, selectedIndex >= 0, part.rowHeight])

  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
    if (row) onSelect(row)
  }
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(part.height / part.rowHeight) - 2)
    const indexes: Record<string, number> = {
      ArrowDown: selectedIndex + 1,
      ArrowUp: Math.max(0, selectedIndex - 1),
      PageDown: selectedIndex + page,
      PageUp: selectedIndex - page,
      Home: 0,
      End: rows.length - 1,
    }
    const index = indexes[event.key]
    const row = rows[selectedIndex]
    if (index !== undefined) select(index)
    else if (event.key === 'Enter' && row && onOpen) onOpen(row)
    else return
    event.preventDefault()
  }

  const withRow = ({ target }: Event, use: (row: Row) => void) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
    const row = rows[Number(element?.dataset.index)]
    if (row) use(row)
  }

  const idBase = useId()
  const rowId = (key: string | undefined) => `${idBase}-${key}`
  const first = Math.max(0, Math.floor(part.top / part.rowHeight) - MARGIN_ROWS)
  const end = Math.min(rows.length, Math.ceil((part.top + part.height) / part.rowHeight) + MARGIN_ROWS)
  const template: CSSProperties = { height: `${part.rowHeight}px` }
  return (
    <div
      ref={scroller}
      class={`virtual-table ${props.class}`}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selectedIndex >= first && selectedIndex < end ? rowId(selected) : undefined}
      tabIndex={0}
      onKeyDown={press}
      onClick={event => withRow(event, onSelect)}
      onDblClick={event => onOpen && withRow(event, onOpen)}
    >
      <div role="row" class="row head" aria-rowindex={1} style={template}>
        {columns.map(({ id, title }) => (
          <div key={id} role="columnheader" class={`cell ${id}`}>
            {title}
          </div>
        ))}
      </div>
      <div role="rowgroup" class="body" style={{ height: `${rows.length * part.rowHeight}px` }}>
        {rows.slice(first, end).map((row, offset) => {
          const key = keyOf(row)
          const index = first + offset
          return (
            <div
              key={key}
              id={rowId(key)}
              role="row"
              class={`row ${classOf?.(row) ?? ''}`}
              data-index={index}
              aria-rowindex={index + 2}
              aria-selected={key === selected}
              style={{ ...template, transform: `translateY(${index * part.rowHeight}px)` }}
            >
              {columns.map(({ id, cell }) => (
                <div key={id} role="gridcell" class={`cell ${id}`}>
                  {cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}
