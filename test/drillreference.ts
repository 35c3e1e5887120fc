// Writes docs/reference/drills.md from the files of the drills.
import { readFileSync } from 'node:fs'
import type { Drill } from '../schemas/drills.ts'
import { apis } from '../src/apis/index.ts'
import { drillIds } from '../src/control/drills/files.ts'

const INTRODUCTION = [
  '<!-- Generated from fixtures/drills by `npm run generate`; do not edit. -->',
  '# Drills',
  '',
  'A drill tests a client: it sets up a sandbox, gives the client a task, and judges the requests of the client by requirements. Paths',
  'in tasks are relative to the URL of the run. A required requirement that fails fails the drill, a recommended one makes its verdict a',
  'warning, a check does not change it. Every drill also requires that the client ends by itself, within its time limit.',
  '',
  'Each requirement says where it comes from: a standard (`rfc`), a document of the vendor (`vendor`), a bug of a real client (`bug`), or a',
  'conclusion that no document states (`inferred`).',
]

export function drillReference(): string {
  const drills = drillIds().map(readDrill)
  const sections = apis.flatMap(({ name, title }) => {
    const own = drills.filter(({ api }) => api === name)
    const rows = own.map(({ id, title, teaches }) => `| [\`${id}\`](#${id}) | ${cell(title)} | ${cell(teaches)} |`)
    return [
      '',
      `## ${title}`,
      '',
      '| drill | what the client must do | a client that fails it |',
      '|---|---|---|',
      ...rows,
      ...own.flatMap(drillSection),
    ]
  })
  return `${[...INTRODUCTION, ...sections].join('\n')}\n`
}

function readDrill(id: string): Drill {
  return JSON.parse(readFileSync(new URL(`../fixtures/drills/${id}.json`, import.meta.url), 'utf8'))
}

function drillSection({ id, version, title, task, timeLimit = '30s', requirements }: Drill): string[] {
  return [
    '',
    `### ${id}`,
    '',
    `${title}. Version ${version}; time limit ${timeLimit}.`,
    '',
    `> ${task}`,
    '',
    '| requirement | kind | what the client has to do | source |',
    '|---|---|---|---|',
    ...requirements.map(
      ({ id, version, kind, text, provenance }) =>
        `| \`${id}\`${version === 1 ? '' : ` (${version})`} | ${kind} | ${cell(text)} | ${sourceText(provenance)} |`,
    ),
  ]
}

function sourceText({ kind, source, url }: Drill['requirements'][number]['provenance']): string {
  return `\`${kind}\`: ${url === undefined ? cell(source) : `[${cell(source)}](${url})`}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
