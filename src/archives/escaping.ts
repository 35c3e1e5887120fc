// The entry of unsafe archives: a text whose path leads out of the folder into which a careless program extracts it.
import type { Entry } from './archive.ts'
import { textEntry } from './content.ts'

export const ESCAPING_PATH = '../firedrill-escaped.txt'

const TEXT = `The program that extracted this archive wrote outside of its folder: the path of this entry is ${ESCAPING_PATH}.
Firedrill sends it to show that; it is harmless and can be deleted.
`

/** `modifiedAt` in epoch ms. */
export function escapingEntry(modifiedAt: number): Entry {
  return textEntry(ESCAPING_PATH, TEXT, modifiedAt)
}
