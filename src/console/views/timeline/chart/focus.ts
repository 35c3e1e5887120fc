// Arrow keys move the focus from item to item on the chart, which is one stop for the Tab key.

const DIRECTIONS: Record<string, { x: number; y: number }> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
}
/** How much further an item counts for each pixel that it is off the direction. */
const OFF_FACTOR = 3

/** The Tab key goes to the item that was focused last, or to the first one. */
export function setTabStop(lanes: HTMLElement): void {
  const items = [...lanes.querySelectorAll<HTMLElement>('[data-item]')]
  const stop =
    items.find(item => item === document.activeElement) ??
    items.find(({ tabIndex }) => tabIndex === 0 && items.length > 1)
  for (const item of items) item.tabIndex = item === (stop ?? items[0]) ? 0 : -1
}

/** Focuses the item that is nearest in the direction of the key. */
export function moveFocus(event: KeyboardEvent): void {
  const direction = DIRECTIONS[event.key]
  const lanes = event.currentTarget as HTMLElement
  const current = document.activeElement
  if (!direction || !(current instanceof HTMLElement) || current.dataset.item === undefined) return
  event.preventDefault()
  const start = placeOf(current)
  const items = [...lanes.querySelectorAll<HTMLElement>('[data-item]')].filter(item => item !== current)
  const reachable = items.flatMap(item => {
    const place = placeOf(item)
    const [x, y] = [place.x - start.x, place.y - start.y]
    const along = x * direction.x + y * direction.y
    const off = Math.abs(x * direction.y) + Math.abs(y * direction.x)
    return along > 1 ? [{ item, distance: along + off * OFF_FACTOR }] : []
  })
  const nearest = reachable.reduce<(typeof reachable)[number] | undefined>(
    (best, each) => (best && best.distance <= each.distance ? best : each),
    undefined,
  )
  if (!nearest) return
  nearest.item.focus()
  setTabStop(lanes)
}

function placeOf(item: HTMLElement): { x: number; y: number } {
  const { left, top, height } = item.getBoundingClientRect()
  return { x: left, y: top + height / 2 }
}
