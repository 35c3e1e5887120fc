// The sizes that archives may have.

/** Besides that, a file may be empty. Smaller archives could not hold what describes them. */
export const MIN_ARCHIVE_BYTES = 4096
export const MAX_ARCHIVE_BYTES = 100 * 1024 ** 3
export const ARCHIVE_SIZES = '0, or from 4096 bytes to 100GiB'
