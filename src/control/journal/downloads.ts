// Sums up what the journal knows of the downloads of a file: which bytes were sent, more than once, never, or of several versions.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { type ByteRange, coveredBytes, missingBytes, sizeOfRanges } from '../../sandbox/journal/byte-ranges.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Transfer } from '../../sandbox/journal/transfer.ts'
import { headerPairs, valuesOf } from '../../sandbox/patterns/requests.ts'

/** An entry of a response that sends a file or a part of it. */
type DownloadEntry = Entry & { transfer: Transfer; connection: number }

/** In the order in which the files were first sent. */
export function downloadAccounts(entries: readonly Entry[]): wire.DownloadAccount[] {
  const byFile = Map.groupBy(entries.filter(hasTransfer), ({ transfer }) => transfer.file)
  return [...byFile].map(([file, ofFile]) => accountOf(file, ofFile))
}

export function sentBody({ transfer, connection }: DownloadEntry): wire.SentBody {
  const { file, etag, contentETag, lastModified, sizeBytes, contentRange, ranges, sentBytes, state } = transfer
  return {
    file,
    connection,
    etag: etag ?? null,
    contentETag,
    lastModified: isoInstant(lastModified),
    sizeBytes,
    contentRange: contentRange ?? null,
    ranges: ranges.map(rangeView),
    bodyBytes: sentBytes,
    state,
  }
}

export function hasTransfer(entry: Entry): entry is DownloadEntry {
  return entry.transfer !== undefined
}

/** In words, for one line. */
export function transferText({ file, sizeBytes, ranges, sentBytes, state }: Transfer): string {
  const bytes = ranges.map(({ start, end }) => `${start}-${end - 1}`).join(', ')
  const sent =
    bytes === ''
      ? `${sentBytes} bytes, none of them known to be of file ${file}`
      : `bytes ${bytes} of ${sizeBytes} of file ${file}`
  if (state === 'sending') return `Sent until now: ${sent}.`
  return state === 'cut' ? `Sent ${sent}; then the connection was closed.` : `Sent ${sent}.`
}

function accountOf(file: string, entries: readonly DownloadEntry[]): wire.DownloadAccount {
  const transfers = entries.map(({ transfer }) => transfer)
  const versions = [...Map.groupBy(transfers, versionKeyOf).values()].map(summaryOf)
  const positions = coveredBytes(versions.flatMap(({ covered }) => covered))
  return {
    file,
    operation: entries[0]?.operation ?? null,
    complete: versions.some(({ view }) => view.complete),
    resumed: transfers.slice(1).filter(({ ranges: [first] }) => first !== undefined && first.start > 0).length,
    overlapBytes: versions.reduce((sum, { again }) => sum + sizeOfRanges(again), 0),
    mixed: versions.every(({ covered }) => sizeOfRanges(covered) < sizeOfRanges(positions)),
    sentOfSeveralVersions: coveredBytes(
      versions.flatMap(({ covered }) => covered),
      2,
    ).map(rangeView),
    versions: versions.map(({ view }) => view),
    requests: entries.map(requestView),
  }
}

function requestView(entry: DownloadEntry): wire.DownloadAccount['requests'][number] {
  const { id, answer, rawHeaders, trace } = entry
  const [range = null] = valuesOf(headerPairs(rawHeaders), 'range')
  return { id, status: answer?.status ?? null, range, fault: trace.fault?.fault ?? null, sent: sentBody(entry) }
}

/** What the client can tell apart, and what the bytes are. Without an ETag the client relies on the bytes being the same. */
function versionKeyOf({ etag, contentETag, lastModified }: Transfer): string {
  return `${etag?.replace(/^W\//, '') ?? contentETag} ${contentETag} ${lastModified}`
}

interface Version {
  view: wire.DownloadedVersion
  covered: ByteRange[]
  again: ByteRange[]
}

function summaryOf(transfers: readonly Transfer[]): Version {
  const { etag, contentETag, lastModified, sizeBytes } = transfers[0] as Transfer
  const ranges = transfers.flatMap(transfer => transfer.ranges)
  const covered = coveredBytes(ranges)
  const again = coveredBytes(ranges, 2)
  const missing = missingBytes(ranges, sizeBytes)
  // Of an empty file nothing can be missing before it was sent.
  const complete = missing.length === 0 && (sizeBytes > 0 || transfers.some(({ state }) => state === 'ended'))
  return {
    view: {
      etag: etag ?? null,
      contentETag,
      lastModified: isoInstant(lastModified),
      sizeBytes,
      complete,
      sent: covered.map(rangeView),
      sentAgain: again.map(rangeView),
      neverSent: missing.map(rangeView),
    },
    covered,
    again,
  }
}

function rangeView({ start, end }: ByteRange): wire.SentRange {
  return { first: start, last: end - 1 }
}
