// Part of the build: tells whether a built file is newer than everything that it is made from.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** In the folder and below it, in an order that does not depend on the file system. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => join(folder, name))

/** Undefined if there is no such file. */
const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs

/** `sources` are files and folders. A file that was removed changes the time of its folder. */
export function isCurrent(built: string, sources: readonly string[]): boolean {
  const builtAt = changedAt(built)
  return builtAt !== undefined && sources.every(path => (changedAt(path) ?? 0) < builtAt)
}
