// Opens downloaded archives with 7-Zip, as clients do that test their backups.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Whether all entries of the archive can be read with the password. */
export function opens(archive: Buffer, password: string): Promise<boolean> {
  return succeeds('t', archive, password)
}

/** Whether the names of the entries can be read. */
export function lists(archive: Buffer, password: string): Promise<boolean> {
  return succeeds('l', archive, password)
}

async function succeeds(command: 't' | 'l', archive: Buffer, password: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-'))
  try {
    const path = join(folder, 'backup.7z')
    await writeFile(path, archive)
    return await promisify(execFile)('7zz', [command, `-p${password}`, path]).then(
      () => true,
      () => false,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}
