// Packs Firedrill and installs a package as a user does.
import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Program } from './processes.ts'

const ROOT = new URL('..', import.meta.url)
const run = promisify(execFile)

/** Makes the tarball of this checkout in `folder` and returns its path. */
export async function pack(folder: string): Promise<string> {
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT })
  const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  return join(folder, tarball)
}

/** Installs a tarball into a new folder, which it returns. */
export async function install(tarball: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', resolve(tarball)], { cwd: folder })
  return folder
}

/** The command of the package that is installed in a folder. */
export function installed(folder: string): Program {
  return { script: urlOf(folder, 'cli.js'), args: ['--port', '0', '--json'] }
}

/** The URL of the module that programs import. */
export function libraryOf(folder: string): string {
  return urlOf(folder, 'index.js')
}

function urlOf(folder: string, file: string): string {
  return pathToFileURL(resolve(folder, 'node_modules/firedrill/dist', file)).href
}
