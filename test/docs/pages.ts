// The pages of the documentation, and what is in them.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A block of commands that can be pasted into a shell. */
export interface Block {
  /** The line above it. */
  title: string
  script: string
}

/** Paths from the root of the repository. */
export const pages = [
  'README.md',
  'CHANGELOG.md',
  ...globSync(['docs/**/*.md', 'examples/*/README.md', 'fixtures/**/README.md', 'deploy/**/README.md'], {
    cwd: ROOT,
    exclude: ['**/node_modules/**'],
  }),
].map(path => path.replaceAll('\\', '/'))

export function pageText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/**
 * The blocks marked `sh`, which work when they are pasted into a shell while a fresh server runs. Those below a comment
 * `<!-- not run: … -->` do not: the comment says why.
 */
export function blocksIn(text: string): Block[] {
  return [...text.matchAll(/([^\n]*)\n+(<!-- not run: [^\n]+ -->\n)?```sh\n([\s\S]*?)```/g)].flatMap(
    ([, title = '', excuse, script = '']) => (excuse === undefined ? [{ title, script }] : []),
  )
}
