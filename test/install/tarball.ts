// The tarball that a script installs: that of its option --tarball, or a new one of this checkout.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { pack } from '../../bench/package.ts'

export async function tarballFor(folder: string): Promise<string> {
  const { values } = parseArgs({ options: { tarball: { type: 'string' } } })
  return values.tarball === undefined ? pack(folder) : resolve(values.tarball)
}
