// Runs commands in the files of an image as a container does: as its user, with a root file system that cannot be written.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ROOT } from './commands.ts'

/** Binds the root, read-only, with Linux's own folders, and the folder of the data when one is given. Then becomes `env`. */
const ENTER = `set -e
root=$1 data=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
if [ -n "$data" ]; then mount --bind "$data" "$root/data"; fi
exec env -i "$@"`

export interface Container {
  root: string
  user: string
  env: readonly string[]
  /** The folder at /data; without it, that is part of the read-only root. */
  data?: string
}

export interface Running {
  child: ChildProcess
  /** Rejects when the program ends without one. */
  firstLine(): Promise<string>
  ended: Promise<{ code: number | null; output: string }>
}

/** The program has no memory of the environment of this process, and ends on the signals that its child process gets. */
export function runIn({ root, user, env, data = '' }: Container, command: readonly string[]): Running {
  const chroot = ['/usr/sbin/chroot', `--userspec=${user}`, root, ...command]
  const words = [...ROOT, 'unshare', '--mount', 'sh', '-c', ENTER, 'enter', root, data, ...env, ...chroot]
  const [program = '', ...args] = words
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code, output }))
  const line = once(createInterface(child.stdout), 'line').then(([text]) => text as string)
  const failed = async () => {
    const { code, output } = await ended
    throw new Error(`ended with ${code}: ${output}`)
  }
  return { child, firstLine: () => Promise.race([line, failed()]), ended }
}
