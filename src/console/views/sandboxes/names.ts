// Names for new sandboxes and snapshots.

/** What a name looks like, as the control API requires it; for the attribute `pattern`. */
export const NAME_PATTERN = '[a-z0-9][a-z0-9_\\-]{0,62}'

/** The first name of `base-2`, `base-3` and so on that is free; a number at the end of `base` is replaced. */
export function nextName(base: string, taken: readonly string[], first = 2): string {
  const stem = base.replace(/-\d+$/, '').slice(0, 55)
  const isTaken = new Set(taken)
  let number = first
  while (isTaken.has(`${stem}-${number}`)) number += 1
  return `${stem}-${number}`
}
