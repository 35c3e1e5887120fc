// Finds the package's own files, both from the sources and from the build output.
import { existsSync, readFileSync } from 'node:fs'

const root = ['../', '../../']
  .map(up => new URL(up, import.meta.url))
  .find(at => existsSync(new URL('package.json', at)))

/** The URL of a file or folder of the package, by its path from the package's root. */
export function packageFile(path: string): URL {
  return new URL(path, root)
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version
}
