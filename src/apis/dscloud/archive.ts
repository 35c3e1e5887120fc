// DS Cloud: the zip archives of backups, of which a server keeps those that were used last.
import { LRUCache } from 'lru-cache'
import type { Archive } from '../../archives/archive.ts'
import type { Sandbox, SandboxSettings } from '../../sandbox/sandbox.ts'
import { type BackupContent, buildArchive, sharedAttachments } from './archive/contents.ts'
import type { App } from './state.ts'

const MAX_CACHED_ARCHIVES = 32

interface ServerCache {
  attachments: Buffer
  archives: LRUCache<string, Archive>
}

/** All sandboxes of a server have the same settings object: its cache is released with the server. */
const cacheOfServer = new WeakMap<SandboxSettings, ServerCache>()

function cacheOf(settings: SandboxSettings): ServerCache {
  const known = cacheOfServer.get(settings)
  if (known) return known
  const archives = new LRUCache<string, Archive>({ max: MAX_CACHED_ARCHIVES })
  const cache = { attachments: sharedAttachments(), archives }
  cacheOfServer.set(settings, cache)
  return cache
}

/** Recently used archives are cached, so that readers of the same one share what it is made of. */
export function archiveOf({ settings }: Sandbox, app: App, backup: BackupContent): Archive {
  const { archives, attachments } = cacheOf(settings)
  const { name, sizeBytes, key, createdAt, modifiedAt } = backup
  const id = JSON.stringify([app, name, sizeBytes, key, createdAt, modifiedAt])
  const cached = archives.get(id)
  if (cached) return cached
  const archive = buildArchive(settings.seed, app, backup, attachments)
  archives.set(id, archive)
  return archive
}
