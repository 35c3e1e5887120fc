// Where the files of sandboxes are in a data directory: spread over folders, because some file systems and tools are slow with very many files in one.
import { hash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isOfAnotherProgram, moveFile, remnantsIn } from './files.ts'
import { SANDBOX_NAME } from './names.ts'
import { asStoreError, StoreError } from './store-error.ts'

export const FILE_SUFFIX = '.sqlite'

/** In the data directory. */
const FOLDER = 'sandboxes'

export class SandboxFiles {
  /** The data directory, in which earlier versions kept the files. */
  readonly #directory: string
  readonly #path: string

  constructor(directory: string) {
    this.#directory = directory
    this.#path = join(directory, FOLDER)
  }

  /** A file and its folder may not exist. The folder is the output of `printf %s NAME | sha256sum | cut -c1-2`. */
  pathOf(sandbox: string): string {
    return join(this.#path, hash('sha256', sandbox).slice(0, 2), `${sandbox}${FILE_SUFFIX}`)
  }

  has(sandbox: string): boolean {
    return SANDBOX_NAME.test(sandbox) && existsSync(this.pathOf(sandbox))
  }

  /** The names of the sandboxes that have a file. Throws StoreError. */
  names(): string[] {
    return this.#folders().flatMap(folder => namesIn(folder))
  }

  /**
   * Call it once, when no other server can use the directory. Moves the files that earlier versions kept in the directory itself
   * into their folders, and removes what a killed server left behind. Returns the names of all sandboxes. Throws StoreError.
   */
  prepare(): string[] {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 })
    removeRemnants(this.#directory)
    for (const name of namesIn(this.#directory)) this.#moveIntoFolder(name)
    // What an interrupted move has left in the directory.
    removeRemnants(this.#directory)
    return this.#folders().flatMap(folder => namesAmong(removeRemnants(folder)))
  }

  /** The folders that contain files. */
  #folders(): string[] {
    return readNames(this.#path).map(folder => join(this.#path, folder))
  }

  #moveIntoFolder(name: string): void {
    const from = join(this.#directory, `${name}${FILE_SUFFIX}`)
    if (!lstatSync(from).isFile() || isOfAnotherProgram(from)) return
    const to = this.pathOf(name)
    if (existsSync(to)) throw new StoreError(`there are two files of sandbox "${name}": ${from} and ${to}; remove one`)
    moveFile(from, to)
  }
}

/** The names of the sandboxes or snapshots whose files are in the directory. Throws StoreError. */
export function namesIn(directory: string): string[] {
  return namesAmong(readNames(directory))
}

function namesAmong(files: readonly string[]): string[] {
  return files
    .filter(file => file.endsWith(FILE_SUFFIX))
    .map(file => file.slice(0, -FILE_SUFFIX.length))
    .filter(name => SANDBOX_NAME.test(name))
}

/** Removes the drafts and logs that a killed server left in the directory. Returns the names in it. Throws StoreError. */
export function removeRemnants(directory: string): string[] {
  const names = readNames(directory)
  for (const name of remnantsIn(names)) {
    const path = join(directory, name)
    if (lstatSync(path).isFile()) rmSync(path)
  }
  return names
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (cause) {
    throw asStoreError(directory, cause)
  }
}
