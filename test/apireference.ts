// Writes docs/reference/<api>.md for each API: its operations, their errors and their provenance.
import type { Api } from '../src/apis/api.ts'
import { apis } from '../src/apis/index.ts'
import type { Provenance } from '../src/http/provenance.ts'
import { openapiDocument } from '../src/openapi.ts'

interface Described {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  'x-variant-of'?: string
  'x-provenance'?: Provenance[]
  responses: Record<string, { content?: Record<string, { examples?: object }> }>
}

interface Operation {
  id: string
  /** Method and path of the operation, and of its variants. */
  requests: string[]
  text: string
  errors: string[]
  behaviours: Provenance[]
}

/** The reference page of each API, by path from the root of the project. */
export const apiReferences: Readonly<Record<string, () => Promise<string>>> = Object.fromEntries(
  apis.map(api => [`docs/reference/${api.name}.md`, () => apiReference(api)]),
)

async function apiReference(api: Api): Promise<string> {
  const operations = await operationsOf(api)
  const common = commonErrors(operations)
  const isCommon = (name: string) => common.some(({ errors }) => errors.includes(name))
  const shared = sharedBehaviours(operations)
  const isShared = (behaviour: Provenance) => shared.some(each => isSame(each, behaviour))
  return [
    '<!-- Generated from the routes by `npm run generate`; do not edit. -->',
    `# ${api.title}`,
    '',
    api.description,
    '',
    'Provenance is where a behaviour comes from: documented by the vendor (`documented`), read in the code of a real client',
    '(`client-code`), taken from the upstream product (`upstream`), or assumed (`inferred`).',
    '',
    '## Operations',
    '',
    ...common.map(({ errors, without }) => `- ${everyOperation(without)} can also answer ${names(errors)}.`),
    '',
    '| operation | what it does | what it refuses | provenance |',
    '|---|---|---|---|',
    ...operations.map(({ id, requests, text, errors, behaviours }) => {
      const refused = errors.filter(name => !isCommon(name))
      const own = behaviours.filter(behaviour => !isShared(behaviour))
      const request = requests.map(line => `\`${line}\``).join('<br>')
      return row([`\`${id}\`<br>${request}`, text, names(refused), own.map(provenanceText).join('<br>')])
    }),
    '',
    ...(shared.length === 0 ? [] : ['## Behaviours of several operations', '', ...sharedTable(shared, operations), '']),
    '## Errors',
    '',
    ...errorTable(api),
    '',
  ].join('\n')
}

async function operationsOf(api: Api): Promise<Operation[]> {
  const { paths } = await openapiDocument('apis')
  const found = new Map<string, Operation>()
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, described] of Object.entries(methods as unknown as Record<string, Described>)) {
      const { operationId, summary = '', description = '', tags, 'x-variant-of': id = operationId } = described
      if (tags?.[0] !== api.name) continue
      const request = `${method.toUpperCase()} ${path}`
      const known = found.get(id)
      if (known) {
        known.requests.push(request)
        known.behaviours = distinct([...known.behaviours, ...(described['x-provenance'] ?? [])])
        continue
      }
      found.set(id, {
        id,
        requests: [request],
        text: `${summary}. ${description}`,
        errors: errorsOf(described, api),
        behaviours: distinct(described['x-provenance'] ?? []),
      })
    }
  }
  return [...found.values()]
}

function errorsOf({ responses }: Described, api: Api): string[] {
  const known = catalogueOf(api)
  const examples = Object.values(responses).flatMap(({ content = {} }) =>
    Object.values(content).flatMap(media => Object.keys(media.examples ?? {})),
  )
  return [...new Set(examples)].filter(name => known.has(name))
}

function catalogueOf({ errorFormat, mounts }: Api) {
  const formats = [errorFormat, ...mounts.map(mount => mount.errorFormat)]
  return new Map(formats.flatMap(({ catalogue }) => Object.entries(catalogue.rows)))
}

/** The errors of most operations, by the operations that do not have them. */
function commonErrors(operations: Operation[]): { errors: string[]; without: string[] }[] {
  const groups = new Map<string, { errors: string[]; without: string[] }>()
  for (const name of new Set(operations.flatMap(({ errors }) => errors))) {
    const without = operations.filter(({ errors }) => !errors.includes(name)).map(({ id }) => id)
    if (without.length * 2 >= operations.length) continue
    const group = groups.get(without.join()) ?? { errors: [], without }
    groups.set(without.join(), group)
    group.errors.push(name)
  }
  return [...groups.values()].sort((a, b) => a.without.length - b.without.length)
}

function everyOperation(without: readonly string[]): string {
  return without.length === 0 ? 'Every operation' : `Every operation except ${names(without)}`
}

function distinct(behaviours: Provenance[]): Provenance[] {
  return [...new Map(behaviours.map(each => [provenanceText(each), each])).values()]
}

/** The same text can have another provenance at another operation. */
function isSame(one: Provenance, other: Provenance): boolean {
  return provenanceText(one) === provenanceText(other)
}

function sharedBehaviours(operations: Operation[]): Provenance[] {
  const all = operations.flatMap(({ behaviours }) => behaviours)
  return distinct(all.filter(behaviour => all.filter(other => isSame(other, behaviour)).length > 1))
}

function sharedTable(shared: Provenance[], operations: Operation[]): string[] {
  return [
    '| behaviour | provenance | operations |',
    '|---|---|---|',
    ...shared.map(behaviour => {
      const has = ({ behaviours }: Operation) => behaviours.some(each => isSame(each, behaviour))
      const without = operations.filter(operation => !has(operation)).map(({ id }) => id)
      const using = operations.filter(has).map(({ id }) => id)
      const all = without.length === 0 ? 'all' : `all except ${names(without)}`
      return row([behaviour.behaviour, markText(behaviour), without.length < using.length ? all : names(using)])
    }),
  ]
}

function errorTable(api: Api): string[] {
  return [
    '| error | status | code | message | provenance |',
    '|---|---|---|---|---|',
    ...[...catalogueOf(api)].map(([name, { status, code = '', message, mark }]) =>
      row([`\`${name}\``, String(status), String(code), message, mark]),
    ),
  ]
}

function provenanceText({ behaviour, ...from }: Provenance): string {
  return `${behaviour}: ${markText(from)}`
}

function markText({ mark, source }: { mark: string; source?: string | undefined }): string {
  return source === undefined ? `\`${mark}\`` : `\`${mark}\` (${source})`
}

function names(list: readonly string[]): string {
  return list.map(name => `\`${name}\``).join(', ')
}

/** A line of a table. Angle brackets outside code are shown as they are. */
function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => escaped(cell) || '–').join(' | ')} |`
}

function escaped(cell: string): string {
  const parts = cell.replaceAll('|', '\\|').split('`')
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/<(?!br>)/g, '&lt;'))).join('`')
}
