// Finds the package's own files, from the sources and from where the build puts them.
import { existsSync, readFileSync } from 'node:fs'

const root = ['../', '../../']
  .map(up => new URL(up, import.meta.url))
  .find(at => existsSync(new URL('package.json', at)))

/** A file or folder of the package by its path from the root. */
export function packageFile(path: string): URL {
  return new URL(path, root)
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version
}
