// What a download does where HTTP leaves the choice to the server, after the example of well-known servers.

/** What happens to a Range that the standard allows a server to ignore or to refuse. */
type RangeAnswer = 'ignored' | 'refused' | 'refused without size'

export interface DownloadPersonality {
  /** One sentence: which server it copies, and what is special about it. */
  readonly copies: string
  /** Where that is known from. */
  readonly source: string
  /** A Range in bytes that breaks the grammar. */
  readonly malformed: RangeAnswer
  /** A Range in another unit, or without one. */
  readonly otherUnit: RangeAnswer
  /** A range that ends before it starts. */
  readonly reversed: 'malformed' | 'outside the file'
  /** An empty element in the list of ranges, as in `bytes=0-1,,4-5`. */
  readonly emptyElement: 'skipped' | 'malformed'
  /** A Range with more ranges than this is ignored. With 1, multipart/byteranges are never sent. */
  readonly maxRanges: number
  /** Any Range of an empty file, which no range can be inside of. */
  readonly emptyFile: 'refused' | 'ignored' | 'ignored when it starts at 0'
  /** Whether HEAD has status and length of the range. */
  readonly rangeOfHead: boolean
  /** Whether a client that accepts gzip gets the whole file compressed, whatever its Range. */
  readonly compresses: boolean
}

const standard = {
  copies:
    'RFC 9110, with the lenient choice where it leaves one: a Range that is invalid or asks for too much is ignored.',
  source: 'RFC 9110, sections 14.1.2, 14.2 and 17.15',
  malformed: 'ignored',
  otherUnit: 'ignored',
  reversed: 'malformed',
  emptyElement: 'skipped',
  maxRanges: 64,
  emptyFile: 'refused',
  rangeOfHead: false,
  compresses: false,
} as const satisfies DownloadPersonality

/** By the value of --download-personality. */
export const personalities = {
  standard,
  nginx: {
    copies:
      'nginx, which refuses a malformed Range and one with an empty element, and sends an empty file to a Range that starts at 0.',
    source: 'ngx_http_range_filter_module.c, with max_ranges not set; nginx-tests, range.t',
    malformed: 'refused',
    otherUnit: 'ignored',
    reversed: 'outside the file',
    emptyElement: 'malformed',
    maxRanges: Number.POSITIVE_INFINITY,
    emptyFile: 'ignored when it starts at 0',
    rangeOfHead: true,
    compresses: false,
  },
  go: {
    copies:
      "Go's http.ServeContent, which refuses every invalid Range without saying the size, and ignores the Range of an empty file.",
    source: 'Go, net/http/fs.go and fs_test.go (ServeFileRangeTests; empty content: golang/go#54794)',
    malformed: 'refused without size',
    otherUnit: 'refused without size',
    reversed: 'malformed',
    emptyElement: 'skipped',
    maxRanges: Number.POSITIVE_INFINITY,
    emptyFile: 'ignored',
    rangeOfHead: true,
    compresses: false,
  },
  s3: {
    copies:
      'Amazon S3, which sends the whole object to an invalid Range or several ranges, and refuses every Range of an empty object.',
    source:
      'The documentation of GetObject and HeadObject; localstack/localstack#9082; ceph/s3-tests, test_ranged_request_*',
    malformed: 'ignored',
    otherUnit: 'ignored',
    reversed: 'malformed',
    emptyElement: 'skipped',
    maxRanges: 1,
    emptyFile: 'refused',
    rangeOfHead: true,
    compresses: false,
  },
  'cdn-gzip': {
    ...standard,
    copies:
      'A CDN that compresses while it sends: with gzip in Accept-Encoding the response is the whole file in gzip, without a length and with a weak ETag, whatever the Range.',
    source: 'huggingface/huggingface_hub#3778 (Range ignored); ngx_http_gzip_filter_module.c (headers)',
    compresses: true,
  },
} as const satisfies Record<string, DownloadPersonality>

export type PersonalityName = keyof typeof personalities
export const personalityNames = Object.keys(personalities) as PersonalityName[]
