// a9s: what the file of a backup holds: a table of its rows, compressed and encrypted with the key of that time.
import type { Archive, Entry } from '../../archives/archive.ts'
import { csvEntry } from '../../archives/content.ts'
import { opensslFile, opensslSize } from '../../archives/openssl.ts'
import type { Picker } from '../../sandbox/random.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Backup } from './state.ts'

const COLUMNS = ['row', 'id', 'value']
const HEADER_BYTES = `${COLUMNS.join(',')}\n`.length
const VALUE_DIGITS = 32
/** Ten digits, a UUID and the value, with two commas and a line feed: all rows have the same size. */
const ROW_BYTES = 10 + 1 + 36 + 1 + VALUE_DIGITS + 1
const SALT_BYTES = 8

/** The size of the file of a backup, without generating it: lists contain it. */
export function fileSizeOf({ rowCount }: Pick<Backup, 'rowCount'>): number {
  return opensslSize(HEADER_BYTES + rowCount * ROW_BYTES)
}

/** The file of a finished backup. `storageId` is its backup_id. The bytes depend only on the seed and the backup. */
export function fileOf({ settings, ids }: Sandbox, backup: Backup, storageId: string): Archive {
  return opensslFile({
    fileName: `${storageId}.gz.enc`,
    entry: dumpOf(settings.seed, backup),
    password: backup.encryptionKey,
    salt: ids.bytes(`a9s/salt/${storageId}`, SALT_BYTES),
  })
}

function dumpOf(seed: string, { dataSet, rowCount, triggeredAt, finishedAt }: Backup): Entry {
  return csvEntry(`${dataSet}.csv`, {
    columns: COLUMNS,
    row: (picker: Picker) => [picker.uuid(), picker.hex(VALUE_DIGITS)],
    rowCount,
    seed: JSON.stringify([seed, 'a9s', dataSet]),
    modifiedAt: finishedAt ?? triggeredAt,
  })
}
