// Places bars in rows without overlap.

export interface Extent {
  /** In pixels. */
  start: number
  end: number
}

/**
 * The row of each bar: the first one in which it fits, `gap` pixels after the bar before it; undefined if none of the rows has
 * room. The bars are in order of their starts.
 */
export function packed(
  bars: readonly Extent[],
  { maxRows, gap }: { maxRows: number; gap: number },
): (number | undefined)[] {
  const ends: number[] = []
  return bars.map(({ start, end }) => {
    const free = ends.findIndex(last => last + gap <= start)
    const row = free === -1 ? ends.length : free
    if (row >= maxRows) return undefined
    ends[row] = end
    return row
  })
}

/** Neighbours that are closer than `distance` pixels are one group; the items are in order of their starts. */
export function grouped<Item extends Extent>(items: readonly Item[], distance: number): Item[][] {
  const groups: Item[][] = []
  for (const item of items) {
    const group = groups.at(-1)
    // Compared with the first, so that a long row of neighbours is not one group.
    if (group?.[0] && item.start - group[0].start < distance) group.push(item)
    else groups.push([item])
  }
  return groups
}
