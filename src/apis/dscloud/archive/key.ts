// DS Cloud: the keys of backups, which are computed from the bytes of their archives.
import { LRUCache } from 'lru-cache'
import { digest } from '../../../archives/archive.ts'
import { Turns } from '../../../archives/turns.ts'
import { WorkerQueue } from '../../../archives/worker-queue.ts'
import { seededBytes } from '../../../sandbox/random.ts'
import type { Sandbox, SandboxSettings } from '../../../sandbox/sandbox.ts'
import { archiveOf } from '../archive.ts'
import type { App } from '../state.ts'
import { type BackupContent, KEY_ALGORITHM } from './contents.ts'
import type { KeyInput } from './key-worker.ts'

const MIB = 1024 ** 2
/** The bytes of larger archives are not read for their key. */
const MAX_HASHED_BYTES = 1024 * MIB
/** Reading fewer takes less time than starting a worker thread. */
const MAX_HASHED_HERE_BYTES = 32 * MIB
const MAX_CACHED_KEYS = 1000
const SHA1_BYTES = 20

/** How a server computes keys. */
interface KeyMaker {
  /** Of those that are computed on the event loop. */
  turns: Turns
  worker: WorkerQueue<KeyInput, string>
}

/** All sandboxes of a server have the same settings object. */
const makerOfServer = new WeakMap<SandboxSettings, KeyMaker>()

/** The computed keys of each sandbox, by everything that determines the bytes. */
const keysOf = new WeakMap<Sandbox, LRUCache<string, Promise<string>>>()

/** The key of a successful backup: the stored one, else the SHA-1 of its zip, computed once, or of a large one as many seeded bytes. */
export async function keyOf(sandbox: Sandbox, app: App, backup: BackupContent): Promise<string> {
  if (backup.key !== null) return backup.key
  const content = JSON.stringify([app, backup.name, backup.sizeBytes])
  if (backup.sizeBytes > MAX_HASHED_BYTES) {
    return seededBytes(sandbox.settings.seed, `dscloud/key/${content}`, SHA1_BYTES).toString('hex')
  }
  const keys = keysOf.get(sandbox) ?? new LRUCache<string, Promise<string>>({ max: MAX_CACHED_KEYS })
  keysOf.set(sandbox, keys)
  const known = keys.get(content)
  if (known) return known
  const key = compute(sandbox, app, backup)
  keys.set(content, key)
  // The next request tries again.
  key.catch(() => keys.delete(content))
  return key
}

function compute(sandbox: Sandbox, app: App, backup: BackupContent): Promise<string> {
  const { turns, worker } = makerOf(sandbox.settings)
  if (backup.sizeBytes > MAX_HASHED_HERE_BYTES) return worker.run({ seed: sandbox.settings.seed, app, backup })
  return digest(archiveOf(sandbox, app, backup), KEY_ALGORITHM, turns)
}

function makerOf(settings: SandboxSettings): KeyMaker {
  const known = makerOfServer.get(settings)
  if (known) return known
  const maker = {
    turns: new Turns(),
    worker: new WorkerQueue<KeyInput, string>(new URL('./key-worker.ts', import.meta.url)),
  }
  makerOfServer.set(settings, maker)
  return maker
}
