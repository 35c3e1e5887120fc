// Compiles the baseline servers to JavaScript: removing types would add to the time in which they start.
import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Data } from './bare/data.ts'
import type { Program } from './processes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BARE = join(ROOT, 'bench/bare')
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const OPTIONS = [
  ...['--ignoreConfig', '--skipLibCheck', '--rewriteRelativeImportExtensions'],
  ...['--target', 'es2023', '--module', 'nodenext', '--types', 'node'],
]

/** `folder` must not exist. */
export async function compileBaselines(folder: string, data: Data): Promise<{ fastify: Program; http: Program }> {
  await mkdir(folder)
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const dataFile = join(folder, 'data.json')
  await writeFile(dataFile, JSON.stringify(data))
  const sources = [join(BARE, 'server.ts'), join(BARE, 'http.ts')]
  await promisify(execFile)(process.execPath, [TSC, ...OPTIONS, '--rootDir', BARE, '--outDir', folder, ...sources], {
    cwd: ROOT,
  })
  const program = (file: string, args: string[]) => ({ script: pathToFileURL(join(folder, file)).href, args })
  return { fastify: program('server.js', [dataFile]), http: program('http.js', []) }
}
