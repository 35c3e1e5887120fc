// The option for the size of generated archives, which is the same for all APIs that have it.
import { ARCHIVE_SIZES, MAX_ARCHIVE_BYTES, MIN_ARCHIVE_BYTES } from '../archives/limits.ts'
import { option, type Parser, parser } from '../option.ts'

const UNITS = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, KB: 1e3, MB: 1e6, GB: 1e9 }
type Unit = keyof typeof UNITS

const archiveBytes: Parser<number, number | `${number}${Unit}`> = parser(
  { type: ['string', 'integer'], minimum: 0 },
  text => {
    const [, number = '', unit = ''] = /^(\d+)(|[KMG]i?B)$/.exec(text) ?? []
    const sizeBytes = number === '' ? Number.NaN : Number(number) * UNITS[unit as Unit]
    if (sizeBytes !== 0 && !(sizeBytes >= MIN_ARCHIVE_BYTES && sizeBytes <= MAX_ARCHIVE_BYTES)) {
      throw new Error(`a size such as 5000000, 50MB or 20GiB: ${ARCHIVE_SIZES}`)
    }
    return sizeBytes
  },
)

export const archiveSize = option(
  'SIZE',
  'size of disaster recovery files whose fixture gives none, and of new DS Cloud backups, such as 50MB or 20GiB; 0 for empty files',
  archiveBytes,
)
