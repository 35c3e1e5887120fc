// DS Cloud: what the zip archive of a backup holds, all of it generated from a seed.
import type { Archive, Entry } from '../../../archives/archive.ts'
import { csvEntry, textEntry } from '../../../archives/content.ts'
import { repeatedBody, repeatedBytes } from '../../../archives/repeated.ts'
import { fillTo, type ZipContents, zip } from '../../../archives/zip.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { Picker } from '../../../sandbox/random.ts'
import type { App, Backup } from '../state.ts'

/** What an archive is made of. */
export type BackupContent = Pick<Backup, 'name' | 'sizeBytes' | 'key' | 'createdAt' | 'modifiedAt'>

const EVENTS = ['login', 'message', 'command', 'reply', 'error', 'logout'] as const
const EVENT_COLUMNS = ['id', 'at', 'user_id', 'event', 'duration_ms'] as const
const EVENTS_PATH = 'data/events.csv'
const ATTACHMENTS_PATH = 'data/attachments.bin'

/** Of the bytes of an archive. */
export const KEY_ALGORITHM = 'sha1'

/** A larger backup holds a table of limited size, and gets its size from attachments. */
const MAX_TABLE_ONLY_BYTES = 4 * 1024 ** 2
const TABLE_BYTES = 1024 ** 2

/** The bytes that the attachments of all backups share. */
export function sharedAttachments(): Buffer {
  return repeatedBody(ATTACHMENTS_PATH)
}

/** Backups with the same key have the same bytes: the archive does not contain the time of the backup. `seed` is that of the server. */
export function buildArchive(seed: string, app: App, backup: BackupContent, attachments: Buffer): Archive {
  const { name, sizeBytes, key, createdAt, modifiedAt } = backup
  return zip({
    fileName: `${app.accountId}_${name}.zip`,
    lastModified: modifiedAt ?? createdAt,
    ...contentsOf(app, sizeBytes, key ?? JSON.stringify([seed, app.id, name]), attachments),
  })
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
