// DS Cloud: the zip archive of a backup, generated from the seed, and the key that is computed from its bytes.
import { LRUCache } from 'lru-cache'
import { type Archive, digest, type Entry } from '../../archives/archive.ts'
import { csvEntry, textEntry } from '../../archives/content.ts'
import { fillTo, zip } from '../../archives/zip.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import { type Picker, seededBytes } from '../../sandbox/random.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { App, Backup } from './state.ts'

/** What an archive is made of. */
export type BackupContent = Pick<Backup, 'name' | 'sizeBytes' | 'key' | 'createdAt' | 'modifiedAt'>

const EVENTS = ['login', 'message', 'command', 'reply', 'error', 'logout'] as const
const EVENT_COLUMNS = ['id', 'at', 'user_id', 'event', 'duration_ms'] as const
const EVENTS_PATH = 'data/events.csv'

/** Backups with the same key have the same bytes: the archive does not contain the time of the backup. */
export function archiveOf({ settings }: Sandbox, app: App, backup: BackupContent): Archive {
  const seed = backup.key ?? JSON.stringify([settings.seed, app.id, backup.name])
  const modifiedAt = app.deployedAt
  const row = (picker: Picker) => eventRow(picker, app)
  const table = { columns: EVENT_COLUMNS, row, seed, modifiedAt }
  return zip({
    fileName: `${app.accountId}_${backup.name}.zip`,
    ...fillTo(backup.sizeBytes, sourceFiles(app), sizeBytes => csvEntry(EVENTS_PATH, { ...table, sizeBytes })),
    lastModified: backup.modifiedAt ?? backup.createdAt,
  })
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
  const key = keys.get(content) ?? digest(archiveOf(sandbox, app, backup), 'sha1')
  keys.set(content, key)
  return key
}

/** Up to 30 days before the deployment: every row is older than the file that contains it. */
function eventRow(picker: Picker, { deployedAt }: App) {
  const at = isoInstant(deployedAt - picker.int(1, 30 * DAY_MS))
  return [at, picker.uuid(), picker.pick(EVENTS), picker.int(1, 30_000)]
}

function sourceFiles(app: App): Entry[] {
  const files: [path: string, text: string][] = [
    ['package.json', jsonText({ name: packageName(app), version: '1.0.0', type: 'module', main: 'src/index.js' })],
    ['README.md', `# ${app.name}\n\nStart it with \`node src/index.js\`. Its data is in \`data/\`.\n`],
    ['src/index.js', SOURCE],
  ]
  const paths = [...files.map(([path]) => path), EVENTS_PATH]
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
