// Writes docs/reference/downloads.md from the table of download personalities.
import { type DownloadPersonality, personalities } from '../src/archives/personalities.ts'

const REFUSED = {
  ignored: '200, the whole file',
  refused: '416, with the size of the file',
  'refused without size': '416, without the size of the file',
} as const

const rows: readonly { situation: string; response: (personality: DownloadPersonality) => string }[] = [
  { situation: 'malformed Range (`bytes=a-b`)', response: ({ malformed }) => REFUSED[malformed] },
  { situation: 'Range in another unit (`lines=0-1`)', response: ({ otherUnit }) => REFUSED[otherUnit] },
  {
    situation: 'Range that ends before it starts (`bytes=20-10`)',
    response: ({ reversed, malformed }) => REFUSED[reversed === 'malformed' ? malformed : 'refused'],
  },
  {
    situation: 'empty element among ranges (`bytes=0-1,,4-5`, `bytes=0-1,`)',
    response: ({ emptyElement, malformed }) => (emptyElement === 'malformed' ? REFUSED[malformed] : 'as without it'),
  },
  {
    situation: 'several ranges',
    response: ({ maxRanges }) => {
      if (maxRanges === 1) return REFUSED.ignored
      return Number.isFinite(maxRanges)
        ? `206, multipart/byteranges; of more than ${maxRanges}: ${REFUSED.ignored}`
        : '206, multipart/byteranges'
    },
  },
  { situation: 'ranges that overlap, so that they are larger than the file', response: () => REFUSED.ignored },
  {
    situation: 'Range of an empty file',
    response: ({ emptyFile }) =>
      emptyFile === 'ignored when it starts at 0'
        ? '200 when it starts at 0, 416 when it starts later'
        : REFUSED[emptyFile],
  },
  {
    situation: 'Range on HEAD',
    response: ({ rangeOfHead }) => (rangeOfHead ? 'as on GET, without a body' : 'ignored'),
  },
  {
    situation: 'Accept-Encoding: gzip',
    response: ({ compresses }) => (compresses ? '200, the whole file in gzip, whatever the Range' : 'ignored'),
  },
]

export function downloadReference(): string {
  const all: readonly (readonly [string, DownloadPersonality])[] = Object.entries(personalities)
  return [
    '<!-- Generated from src/archives/personalities.ts by `npm run generate`; do not edit. -->',
    '# Downloads',
    '',
    'Downloads support GET and HEAD, one range or several, `If-Range`, `If-Match`, `If-None-Match`, `If-Modified-Since` and',
    '`If-Unmodified-Since`, as RFC 9110 defines them. Where it leaves a choice to the server, `--download-personality` decides.',
    '',
    '## Personalities',
    '',
    '| name | copies | source |',
    '|---|---|---|',
    ...all.map(([name, { copies, source }]) => `| \`${name}\` | ${copies} | ${source} |`),
    '',
    `| request | ${all.map(([name]) => `\`${name}\``).join(' | ')} |`,
    `|---|${all.map(() => '---|').join('')}`,
    ...rows.map(({ situation, response }) => `| ${situation} | ${all.map(([, each]) => response(each)).join(' | ')} |`),
    '',
  ].join('\n')
}
