// Fuzzed requests: each is made from an operation, a path of none, or bytes that need not be HTTP.
import fc from 'fast-check'
import { astray, mangled } from './astray.ts'
import { type Body, form, json, junkBody, NO_BODY } from './bodies.ts'
import { mutatedDocument } from './documents.ts'
import { credentials, downloadHeaders, extraHeaders, maybe, none, type Pair, strayHeader } from './headers.ts'
import { hints, TOKEN } from './hints.ts'
import type { Documented, Operation } from './operations.ts'
import { encoded, segment, text } from './texts.ts'
import { nastyText, Values } from './values.ts'
import { anyWay, calmWays, stormyWays } from './ways.ts'

export interface FuzzRequest {
  /** The operation, or what else it is. */
  name: string
  method: string
  /** As sent. */
  target: string
  headers: readonly (readonly [name: string, value: string])[]
  body: string | undefined
  /** Its sandbox: `calm` ones answer as documented; `stormy` ones run into faults and hold whatever was imported. */
  sandbox: 'default' | 'calm' | 'stormy' | 'any'
  /** Its bytes are sent on a connection of their own, changed like this. */
  mangle?: ((request: string) => string) | undefined
}

/** They change what is documented of a sandbox: rows, credentials, faults. */
const STORMY = new Set(['armFault', 'armFaultProfile', 'importState', 'restoreSnapshot', 'dropSandbox'])
/** They take long, or have no end. */
const SLOW = new Set(['waitForRequests', 'watchRequests', 'describeControl', 'startDrill'])

/** Their answers depend on what the client has already. */
const DOWNLOADS = new Set(['getDisasterRecoveryFile', 'downloadApplicationBackup'])

/** How often an operation is chosen: downloads more often, because they have the most combinations of headers. */
function weightOf({ id }: Operation): number {
  if (SLOW.has(id)) return 1
  return DOWNLOADS.has(id) ? 48 : 12
}

const strayQuery = maybe(
  5,
  fc.tuple(fc.oneof(nastyText, fc.constantFrom('f', 'token', '__prefer')), nastyText).map(pair => [pair]),
)

export class Requests {
  readonly #operations: { operation: Operation; values: Values }[]
  readonly #document: Record<string, unknown>

  /** `document` is the state of a sandbox, as exported. */
  constructor(parts: readonly Documented[], document: Record<string, unknown>) {
    this.#document = document
    this.#operations = parts.flatMap(({ operations, resolve }) => {
      const values = new Values(resolve, hints)
      return operations.map(operation => ({ operation, values }))
    })
  }

  arbitrary(): fc.Arbitrary<FuzzRequest> {
    const each = (part: Operation['part']) =>
      fc.oneof(
        ...this.#operations
          .filter(({ operation }) => operation.part === part)
          .map(({ operation, values }) => ({
            weight: weightOf(operation),
            arbitrary: this.#request(operation, values),
          })),
      )
    const [apis, control] = [each('apis'), each('control')]
    return fc.oneof(
      { weight: 50, arbitrary: apis },
      { weight: 35, arbitrary: control },
      { weight: 7, arbitrary: fc.oneof(apis, control).chain(astray) },
      { weight: 8, arbitrary: fc.oneof(apis, control).chain(mangled) },
    )
  }

  #request(operation: Operation, values: Values): fc.Arbitrary<FuzzRequest> {
    const { id, api, method, part } = operation
    const ways = STORMY.has(id) ? stormyWays : part === 'control' ? fc.oneof(calmWays, calmWays, stormyWays) : anyWay
    const place = fc.tuple(ways, pathOf(operation, values), queryOf(operation, values))
    const head = fc.tuple(credentials(api), DOWNLOADS.has(id) ? downloadHeaders : none, extraHeaders, strayHeader)
    return fc.tuple(place, head, this.#body(operation, values)).map(([[by, path, query], headers, body]) => ({
      name: id,
      method,
      target: `${by.prefix}${path}${query}`,
      headers: [['host', by.host], ...by.headers, ...headers.flat(), ...body.headers],
      body: body.text,
      sandbox: by.sandbox,
    }))
  }

  #body({ id, method, body }: Operation, values: Values): fc.Arbitrary<Body> {
    if (id === 'importState') return mutatedDocument(this.#document).map(document => json(document))
    if (!body)
      return method === 'GET'
        ? fc.oneof({ weight: 30, arbitrary: fc.constant(NO_BODY) }, junkBody)
        : fc.oneof(fc.constant(NO_BODY), junkBody)
    const fitting = values.of(body.schema)
    const written = body.mediaTypes.includes('application/json')
      ? fitting.map(json)
      : fc.tuple(fitting, fc.boolean()).map(form)
    return fc.oneof({ weight: 15, arbitrary: written }, { weight: 1, arbitrary: junkBody })
  }
}

function pathOf({ path, id, parameters }: Operation, values: Values): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const filled = names.map(name => {
    const schema = parameters.find(parameter => parameter.name === name)?.schema ?? { type: 'string' }
    return fc
      .tuple(values.of(schema, name, `${id}.${name}`).map(text), segment)
      .map(([value, isEscaped]) => encoded(value, isEscaped))
  })
  const key =
    id === 'downloadApplicationBackup'
      ? fc.constantFrom('?85592d2b15ff867407964790224dcbb3a95ce82b', '?x', '', '?key=')
      : fc.constant('')
  return fc
    .tuple(fc.tuple(...filled), key)
    .map(
      ([parts, query]) =>
        parts.reduce((whole, part, index) => whole.replace(`{${names[index]}}`, () => part), path) + query,
    )
}

function queryOf({ parameters, api }: Operation, values: Values): fc.Arbitrary<string> {
  const declared = parameters.filter(parameter => parameter.in === 'query' && parameter.schema.type !== 'object')
  const pairs = declared.map(({ name, schema }) =>
    maybe(
      name === 'f' ? 90 : 40,
      values.of(schema, name).map(value => [[name, text(value)]]),
    ),
  )
  const token = api === 'arcgis' ? maybe(10, fc.constant<Pair[]>([['token', TOKEN]])) : none
  return fc.tuple(fc.tuple(...pairs), token, strayQuery, segment).map(([own, tokens, stray, isEscaped]) => {
    const all = [...own.flat(), ...tokens, ...stray].map(
      ([name, value]) => `${encoded(name, isEscaped)}=${encoded(value, isEscaped)}`,
    )
    return all.length === 0 ? '' : `?${all.join('&')}`
  })
}

/** As it goes out; `fill` replaces what is only known then. */
export function bytesOf(
  { method, target, headers, body, mangle }: FuzzRequest,
  fill: (text: string) => string,
): Buffer {
  const content = body === undefined ? undefined : Buffer.from(fill(body).toWellFormed())
  const length = content === undefined ? [] : [['content-length', String(content.length)]]
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(
    fill(`${method} ${target === '' ? '/' : target} HTTP/1.1\r\n${lines.join('')}\r\n`),
    'latin1',
  )
  const bytes = Buffer.concat([head, content ?? Buffer.alloc(0)])
  return mangle ? Buffer.from(mangle(bytes.toString('latin1')), 'latin1') : bytes
}
