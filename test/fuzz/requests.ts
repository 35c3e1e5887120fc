// Fuzzed requests: of an operation, with a target that no operation has, or with bytes that may not be HTTP.
import fc from 'fast-check'
import { anyAddress, baseAddresses, faultyAddresses } from './addresses.ts'
import { changedBytes, otherTarget } from './alterations.ts'
import { type Body, form, json, NO_BODY, unrelatedBody } from './bodies.ts'
import { mutatedDocument } from './documents.ts'
import { credentials, downloadHeaders, extraHeaders, maybe, none, type Pair, undeclaredHeader } from './headers.ts'
import { hints, TOKEN } from './hints.ts'
import type { Documented, Operation } from './operations.ts'
import { encoded, escaping, text } from './texts.ts'
import { unexpectedText, Values } from './values.ts'

export interface FuzzRequest {
  /** The operation that it was made from, and how it was altered. */
  name: string
  method: string
  /** The path and query in the request line. */
  target: string
  headers: readonly (readonly [name: string, value: string])[]
  body: string | undefined
  /** `default` and `base` answer as documented; `faulty` has faults and imported state; `any` is an arbitrary name. */
  sandbox: 'default' | 'base' | 'faulty' | 'any'
  /** Changes the bytes, which are then sent on a new connection. */
  changeBytes?: ((request: string) => string) | undefined
}

/** Sent to `faulty` only: they change the rows, credentials or faults of a sandbox. */
const CHANGES_BEHAVIOUR = new Set(['armFault', 'armFaultProfile', 'importState', 'restoreSnapshot', 'dropSandbox'])
/** Sent less often: they take long or do not end. */
const SLOW = new Set([
  'waitForRequests',
  'watchRequests',
  'describeControl',
  'startDrill',
  'createCertification',
  'nextTask',
])

/** Their answers depend on range and conditional headers. */
const DOWNLOADS = new Set(['getDisasterRecoveryFile', 'downloadApplicationBackup'])

/** How often an operation is chosen: downloads more often, because they have the most combinations of headers. */
function weightOf({ id }: Operation): number {
  if (SLOW.has(id)) return 1
  return DOWNLOADS.has(id) ? 48 : 12
}

const undeclaredQuery = maybe(
  5,
  fc.tuple(fc.oneof(unexpectedText, fc.constantFrom('f', 'token', '__prefer')), unexpectedText).map(pair => [pair]),
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
      { weight: 7, arbitrary: fc.oneof(apis, control).chain(otherTarget) },
      { weight: 8, arbitrary: fc.oneof(apis, control).chain(changedBytes) },
    )
  }

  #request(operation: Operation, values: Values): fc.Arbitrary<FuzzRequest> {
    const { id, api, method, part } = operation
    const addresses = CHANGES_BEHAVIOUR.has(id)
      ? faultyAddresses
      : part === 'control'
        ? fc.oneof(baseAddresses, baseAddresses, faultyAddresses)
        : anyAddress
    const target = fc.tuple(addresses, pathOf(operation, values), queryOf(operation, values))
    const head = fc.tuple(credentials(api), DOWNLOADS.has(id) ? downloadHeaders : none, extraHeaders, undeclaredHeader)
    return fc.tuple(target, head, this.#body(operation, values)).map(([[address, path, query], headers, body]) => ({
      name: id,
      method,
      target: `${address.prefix}${path}${query}`,
      headers: [['host', address.host], ...address.headers, ...headers.flat(), ...body.headers],
      body: body.text,
      sandbox: address.sandbox,
    }))
  }

  #body({ id, method, body }: Operation, values: Values): fc.Arbitrary<Body> {
    if (id === 'importState') return mutatedDocument(this.#document).map(document => json(document))
    if (!body)
      return method === 'GET'
        ? fc.oneof({ weight: 30, arbitrary: fc.constant(NO_BODY) }, unrelatedBody)
        : fc.oneof(fc.constant(NO_BODY), unrelatedBody)
    const fitting = values.of(body.schema)
    const written = body.mediaTypes.includes('application/json')
      ? fitting.map(json)
      : fc.tuple(fitting, fc.boolean()).map(form)
    return fc.oneof({ weight: 15, arbitrary: written }, { weight: 1, arbitrary: unrelatedBody })
  }
}

function pathOf({ path, id, parameters }: Operation, values: Values): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const filled = names.map(name => {
    const schema = parameters.find(parameter => parameter.name === name)?.schema ?? { type: 'string' }
    return fc
      .tuple(values.of(schema, name, `${id}.${name}`).map(text), escaping)
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
  return fc.tuple(fc.tuple(...pairs), token, undeclaredQuery, escaping).map(([own, tokens, undeclared, isEscaped]) => {
    const all = [...own.flat(), ...tokens, ...undeclared].map(
      ([name, value]) => `${encoded(name, isEscaped)}=${encoded(value, isEscaped)}`,
    )
    return all.length === 0 ? '' : `?${all.join('&')}`
  })
}

/** The bytes to send. `fill` replaces placeholders by tokens and ids. */
export function bytesOf(
  { method, target, headers, body, changeBytes }: FuzzRequest,
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
  return changeBytes ? Buffer.from(changeBytes(bytes.toString('latin1')), 'latin1') : bytes
}
