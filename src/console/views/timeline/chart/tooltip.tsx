// Says what the item under the pointer is.

export interface Tip {
  text: string
  box: { left: number; top: number; bottom: number; width: number }
}

/** Screen readers read the name of the item, which is the same text. */
export function Tooltip({ tip: { text, box } }: { tip: Tip }) {
  const isBelow = box.top < 120
  const left = Math.min(Math.max(box.left + Math.min(box.width, 80) / 2, 150), innerWidth - 150)
  return (
    <div
      class={`chart-tip ${isBelow ? 'below' : ''}`}
      aria-hidden="true"
      style={{ left: `${left}px`, top: `${isBelow ? box.bottom + 8 : box.top - 8}px` }}
    >
      {text.split('; ').map(line => (
        <span key={line}>{line}</span>
      ))}
    </div>
  )
}
