// DS Cloud: the zip archive of a backup, generated from the seed, and the key that is computed from its bytes.
import { LRUCache } from 'lru-cache'
import { type Archive, digest, type Entry } from '../../archives/archive.ts'
import { csvEntry, textEntry } from '../../archives/content.ts'
import { repeatedBody, repeatedBytes } from '../../archives/repeated.ts'
import { Turns } from '../../archives/turns.ts'
import { fillTo, type ZipContents, zip } from '../../archives/zip.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import { type Picker, seededBytes } from '../../sandbox/random.ts'
import type { Sandbox, SandboxSettings } from '../../sandbox/sandbox.ts'
import type { App, Backup } from './state.ts'

/** What an archive is made of. */
export type BackupContent = Pick<Backup, 'name' | 'sizeBytes' | 'key' | 'createdAt' | 'modifiedAt'>

const EVENTS = ['login', 'message', 'command', 'reply', 'error', 'logout'] as const
const EVENT_COLUMNS = ['id', 'at', 'user_id', 'event', 'duration_ms'] as const
const EVENTS_PATH = 'data/events.csv'
const ATTACHMENTS_PATH = 'data/attachments.bin'

/** A larger backup holds a table of limited size, and gets its size from attachments. */
const MAX_TABLE_ONLY_BYTES = 4 * 1024 ** 2
const TABLE_BYTES = 1024 ** 2
const MAX_CACHED_ARCHIVES = 32

interface ServerCache {
  attachments: Buffer
  archives: LRUCache<string, Archive>
  /** Of the keys that are being computed. */
  turns: Turns
}

/** All sandboxes of a server have the same settings object: its cache is released with the server. */
const cacheOfServer = new WeakMap<SandboxSettings, ServerCache>()

function cacheOf(settings: SandboxSettings): ServerCache {
  const known = cacheOfServer.get(settings)
  if (known) return known
  const archives = new LRUCache<string, Archive>({ max: MAX_CACHED_ARCHIVES })
  const cache = { attachments: repeatedBody(ATTACHMENTS_PATH), archives, turns: new Turns() }
  cacheOfServer.set(settings, cache)
  return cache
}

/**
 * Backups with the same key have the same bytes: the archive does not contain the time of the backup. Recently used archives are
 * cached, so that readers of the same one share what it is made of.
 */
export function archiveOf({ settings }: Sandbox, app: App, backup: BackupContent): Archive {
  const { archives, attachments } = cacheOf(settings)
  const { name, sizeBytes, key, createdAt, modifiedAt } = backup
  const id = JSON.stringify([app, name, sizeBytes, key, createdAt, modifiedAt])
  const cached = archives.get(id)
  if (cached) return cached
  const archive = zip({
    fileName: `${app.accountId}_${name}.zip`,
    lastModified: modifiedAt ?? createdAt,
    ...contentsOf(app, sizeBytes, key ?? JSON.stringify([settings.seed, app.id, name]), attachments),
  })
  archives.set(id, archive)
  return archive
}

function contentsOf(app: App, totalBytes: number, seed: string, attachments: Buffer): ZipContents {
  const modifiedAt = app.deployedAt
  const row = (picker: Picker) => eventRow(picker, app)
  const table = { columns: EVENT_COLUMNS, row, seed, modifiedAt }
  const events = (sizeBytes: number) => csvEntry(EVENTS_PATH, { ...table, sizeBytes })
  if (totalBytes <= MAX_TABLE_ONLY_BYTES) return fillTo(totalBytes, sourceFiles(app, [EVENTS_PATH]), events)
  const files = [...sourceFiles(app, [EVENTS_PATH, ATTACHMENTS_PATH]), events(TABLE_BYTES)]
  return fillTo(totalBytes, files, sizeBytes =>
    repeatedBytes(ATTACHMENTS_PATH, sizeBytes, attachments, seed, modifiedAt),
  )
}

/** The bytes of larger archives are not read for their key. */
const MAX_HASHED_BYTES = 1024 ** 3
const MAX_CACHED_KEYS = 1000
const SHA1_BYTES = 20

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
  const key = keys.get(content) ?? digest(archiveOf(sandbox, app, backup), 'sha1', cacheOf(sandbox.settings).turns)
  keys.set(content, key)
  return key
}

/** Up to 30 days before the deployment: every row is older than the file that contains it. */
function eventRow(picker: Picker, { deployedAt }: App) {
  const at = isoInstant(deployedAt - picker.int(1, 30 * DAY_MS))
  return [at, picker.uuid(), picker.pick(EVENTS), picker.int(1, 30_000)]
}

function sourceFiles(app: App, dataPaths: readonly string[]): Entry[] {
  const files: [path: string, text: string][] = [
    ['package.json', jsonText({ name: packageName(app), version: '1.0.0', type: 'module', main: 'src/index.js' })],
    ['README.md', `# ${app.name}\n\nStart it with \`node src/index.js\`. Its data is in \`data/\`.\n`],
    ['src/index.js', SOURCE],
  ]
  const paths = [...files.map(([path]) => path), ...dataPaths]
  const manifest = jsonText({ format: 1, application: { id: app.id, name: app.name }, files: paths })
  return [['backup-manifest.json', manifest] as const, ...files].map(([path, text]) =>
    textEntry(path, text, app.deployedAt),
  )
}

const SOURCE = `// Counts the recorded events by kind.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const counts = {}
const lines = createInterface({ input: createReadStream(new URL('../data/events.csv', import.meta.url)) })
for await (const line of lines) {
  const event = line.split(',')[3]
  if (event !== 'event') counts[event] = (counts[event] ?? 0) + 1
}
console.log(counts)
`

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The application's name as a valid npm package name. */
function packageName({ name }: App): string {
  const plain = name.toLowerCase().match(/[a-z0-9]+/g)
  return plain?.join('-') ?? 'application'
}
