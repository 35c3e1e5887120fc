// Lists the entries of the archive that a response sent, and which of them it sent.
import type * as wire from '../../../schemas/control.ts'
import type { Api } from '../../apis/api.ts'
import type { Archive, EntryRange } from '../../archives/archive.ts'
import { ApiError } from '../../http/errors.ts'
import { type ByteRange, coveredBytes } from '../../sandbox/journal/byte-ranges.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'

/** The journal keeps no archives: this one is made again. Throws Refusal when that is not possible any more. */
export async function sentArchive(sandbox: Sandbox, apis: readonly Api[], entry: Entry): Promise<wire.SentArchive> {
  const { transfer } = entry
  if (!transfer) throw new Refusal('conflict', `request "${entry.id}" was not answered with a file`)
  const archive = await archiveAt(sandbox, apis, entry)
  if (!archive?.entryRanges)
    throw new Refusal('conflict', `the file of request "${entry.id}" is not an archive any more`)
  if (archive.etag !== transfer.contentETag) {
    throw new Refusal('conflict', `the file of request "${entry.id}" has other bytes now than the response had`)
  }
  const { fileName, mediaType, sizeBytes } = archive
  const sent = coveredBytes(transfer.ranges)
  return {
    file: transfer.file,
    fileName,
    mediaType,
    sizeBytes,
    entries: archive.entryRanges().map(range => ({
      path: range.path,
      storedBytes: range.end - range.start,
      sent: sentPart(range, sent),
    })),
  }
}

async function archiveAt(sandbox: Sandbox, apis: readonly Api[], { api, path }: Entry): Promise<Archive | undefined> {
  try {
    return (await apis.find(({ name }) => name === api)?.fileAt?.(sandbox, path))?.archive
  } catch (error) {
    // The file was deleted, or its account.
    if (error instanceof ApiError) return undefined
    throw error
  }
}

/** `sent`: the bytes of the file that were sent. */
function sentPart({ start, end }: EntryRange, sent: readonly ByteRange[]): wire.SentArchive['entries'][number]['sent'] {
  if (sent.some(range => range.start <= start && end <= range.end)) return 'whole'
  return sent.some(range => range.start < end && start < range.end) ? 'part' : 'none'
}
