// The files of sandboxes in a data directory, as docs/explanation/data-directory.md describes them.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

export function sandboxFile(data: string, name: string): string {
  const folder = createHash('sha256').update(name).digest('hex').slice(0, 2)
  return join(data, 'sandboxes', folder, `${name}.sqlite`)
}

/** The same, with its folder made. */
export function makeSandboxFolder(data: string, name: string): string {
  const path = sandboxFile(data, name)
  mkdirSync(dirname(path), { recursive: true })
  return path
}
