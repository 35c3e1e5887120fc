// Part of the build: stores a file compressed, which the server sends as it is.
import { rmSync, writeFileSync } from 'node:fs'
import { constants, gzipSync } from 'node:zlib'

/** Writes `path` with `.gz` after it, in place of the plain file. */
export function writeCompressed(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }))
  rmSync(path, { force: true })
}
