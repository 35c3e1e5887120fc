// Schemas of the accounting of downloads in the control API: which bytes of which version of a file were sent, per request.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'

const SentRange = Type.Object(
  { first: Type.Integer(), last: Type.Integer() },
  { ...strict, description: 'The first and the last byte, as in a Range header' },
)
const ranges = (description: string) => Type.Array(SentRange, { description })

const etag = Type.Union([Type.String(), Type.Null()], { description: 'As sent; null if none was' })
const contentETag = Type.String({
  description: 'The ETag of the bytes that were sent; `etag` differs from it only because of a fault',
})
const lastModified = Type.String({
  format: 'date-time',
  description:
    'When the bytes that were sent were last modified; bytes with equal ETags can differ in it because of a fault',
})
const sizeBytes = Type.Integer({ description: 'Of the whole file, even if a fault has shortened it' })

export const SentBody = Type.Object(
  {
    file: Type.String({ description: 'The name of the file in `GET /__admin/downloads/{file}`' }),
    connection: Type.Integer({ description: 'Equal for requests on the same connection; 1, 2, 3 …' }),
    etag,
    contentETag,
    lastModified,
    sizeBytes,
    contentRange: Type.Union([Type.String(), Type.Null()], { description: 'As sent; null if none was' }),
    ranges: ranges('The bytes of the file that were sent, in the order in which they were sent'),
    bodyBytes: Type.Integer({
      description:
        'The number of bytes of the body that were handed to the connection, with those that are not in the file',
    }),
    state: literals(['sending', 'ended', 'cut'], {
      description: 'ended: the whole response was sent; cut: the connection was closed before',
    }),
  },
  { $id: 'SentBody', ...strict },
)
export type SentBody = Static<typeof SentBody>
export type SentRange = Static<typeof SentRange>

const DownloadedVersion = Type.Object(
  {
    etag,
    contentETag,
    lastModified,
    sizeBytes,
    complete: Type.Boolean({ description: 'Whether all bytes were sent, by all requests together' }),
    sent: ranges('The bytes that were sent'),
    sentAgain: ranges('The bytes that were sent more than once'),
    neverSent: ranges('The bytes that were not sent'),
  },
  { ...strict, description: 'A weak ETag is the same version as the strong one' },
)
export type DownloadedVersion = Static<typeof DownloadedVersion>

const DownloadRequest = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the request in the journal' }),
    status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null if no response was sent' }),
    range: Type.Union([Type.String(), Type.Null()], { description: 'The Range header of the request' }),
    fault: Type.Union([Type.String(), Type.Null()], { description: 'The kind of the fault that was applied' }),
    sent: SentBody,
  },
  strict,
)

export const DownloadAccount = Type.Object(
  {
    file: Type.String(),
    operation: Type.Union([Type.String(), Type.Null()]),
    complete: Type.Boolean({ description: 'Whether all bytes of one version were sent, by all requests together' }),
    resumed: Type.Integer({
      description:
        'The number of requests, after the first, whose bytes begin after byte 0. The parts of a parallel download count as well',
    }),
    overlapBytes: Type.Integer({ description: 'The number of bytes that were sent more than once, of any version' }),
    mixed: Type.Boolean({
      description: 'Whether several versions were sent, and none of them contains all the positions that were sent',
    }),
    sentOfSeveralVersions: ranges('The positions whose bytes were sent from more than one version'),
    versions: Type.Array(DownloadedVersion, { description: 'In the order in which they were first sent' }),
    requests: Type.Array(DownloadRequest, { description: 'In order of arrival' }),
  },
  { $id: 'DownloadAccount', ...strict },
)
export type DownloadAccount = Static<typeof DownloadAccount>

export const DownloadAccounts = Type.Object(
  { downloads: Type.Array(DownloadAccount, { description: 'In the order in which the files were first sent' }) },
  { $id: 'DownloadAccounts', ...strict },
)
export type DownloadAccounts = Static<typeof DownloadAccounts>

export const DownloadPath = Type.Object({
  file: Type.String({
    description:
      'The last part of the path of the download: the id of a Disaster Recovery File, or the name of a zip file',
  }),
})

export const SentArchive = Type.Object(
  {
    file: Type.String({ description: 'The name of the file in `GET /__admin/downloads/{file}`' }),
    fileName: Type.String({ description: 'The name that clients save it under' }),
    mediaType: Type.String(),
    sizeBytes: Type.Integer({ description: 'Of the whole file' }),
    entries: Type.Array(
      Type.Object(
        {
          path: Type.String(),
          storedBytes: Type.Integer({ description: 'The size of its content as it is stored: packed or encrypted' }),
          sent: literals(['whole', 'part', 'none'], {
            description:
              'How much of its content the response has sent. Without the whole archive it may not be readable',
          }),
        },
        strict,
      ),
      { description: 'In the order of the archive' },
    ),
  },
  { $id: 'SentArchive', ...strict },
)
export type SentArchive = Static<typeof SentArchive>
