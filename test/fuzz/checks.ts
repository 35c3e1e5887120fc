// Checks the answer to a fuzzed request: no unexpected failure, the documented contract, and the error body of its API.
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { basePathsOf } from '../../src/apis/api.ts'
import { apis } from '../../src/apis/index.ts'
import { withoutSandbox } from '../../src/http/addressing.ts'
import { urlsBelow } from '../../src/http/base-path.ts'
import type { OpenapiDocument } from '../../src/openapi.ts'
import { assertContract } from '../contract.ts'
import { FAILING_INSTANCE } from './hints.ts'
import { documentOf } from './operations.ts'
import type { FuzzRequest } from './requests.ts'
import type { Exchange, WireAnswer } from './wire.ts'

/** An answer that takes longer than this, even on a busy machine, never comes. */
export const TIMEOUT_MS = 20_000

/** Statuses of requests that are refused before an operation is known, and so are not declared. */
const UNDECLARED = new Set([400, 417, 431])
const WAITS = new Set(['waitForRequests', 'watchRequests'])

const ERROR_SCHEMAS: Record<string, string> = {
  a9s: 'A9sError',
  arcgis: 'ArcgisError',
  'disaster-recovery-files': 'DisasterRecoveryError',
  dscloud: 'DscloudError',
}

/** How long to wait for an answer. Short for requests that may wait for something, whose answer is then not checked. */
export function timeoutMs({ name, sandbox }: FuzzRequest): number {
  if (sandbox === 'faulty' || WAITS.has(name)) return 100
  return TIMEOUT_MS
}

export class AnswerChecks {
  readonly #validators: ReadonlyMap<string, ValidateFunction>

  private constructor(validators: ReadonlyMap<string, ValidateFunction>) {
    this.#validators = validators
  }

  static async create(): Promise<AnswerChecks> {
    const [ofApis, ofControl] = [await documentOf('apis'), await documentOf('control')]
    const shapes = Object.entries(ERROR_SCHEMAS).map(([api, schema]) => [api, validator(ofApis, schema)] as const)
    return new AnswerChecks(new Map([...shapes, ['', validator(ofControl, 'Problem')]]))
  }

  /** Describes what is wrong with the answers; undefined if nothing is. */
  async problemWith(request: FuzzRequest, exchange: Exchange): Promise<string | undefined> {
    const mayWait = timeoutMs(request) < TIMEOUT_MS
    if (exchange.isSilent) return mayWait ? undefined : 'no answer came in time'
    for (const answer of exchange.answers) {
      const problem = failureIn(request, answer)
      if (problem !== undefined) return problem
    }
    const [answer] = exchange.answers
    if (request.changeBytes || mayWait) return undefined
    if (!answer) return 'the connection ended without an answer'
    return this.#shapeProblem(request, answer)
  }

  async #shapeProblem(request: FuzzRequest, answer: WireAnswer): Promise<string | undefined> {
    const { method, headers } = request
    const { status } = answer
    if (method === 'HEAD' || !answer.isWhole || answer.body.length === 0) return undefined
    const type = answer.headers['content-type'] ?? ''
    const text = answer.body.toString()
    const json = /json/.test(type) ? parsed(text) : undefined
    if (json === NOT_JSON) return `${status} ${type} is not JSON`
    const host = headers.find(([name]) => name === 'host')?.[1] ?? ''
    const path = routedPath(request.target, host)
    const owner = apis.find(api => urlsBelow(basePathsOf(api)).test(path))
    // Firedrill itself answers for unknown sandboxes and invalid Prefer headers, in any API.
    const mayBeProblem = request.sandbox === 'any' || headers.some(([name]) => name === 'prefer')
    if (mayBeProblem && type.startsWith('application/problem+json')) return undefined
    const isOperation = !request.name.startsWith('other target')
    if (isOperation && !UNDECLARED.has(status)) return this.#contractProblem(method, path, answer, text, json)
    const isRefused = status >= 400 || isArcgisError(json)
    if (!isRefused || json === undefined) return undefined
    const shape = this.#validators.get(owner?.name ?? '') as ValidateFunction
    return shape(json)
      ? undefined
      : `${status} does not have the error body of ${owner?.name ?? 'a problem document'}: ${text.slice(0, 200)}`
  }

  async #contractProblem(method: string, path: string, answer: WireAnswer, text: string, json: unknown) {
    try {
      await assertContract(method, path, { ...answer, bytes: answer.body, text, json })
      return undefined
    } catch (error) {
      const { message } = error as Error
      // A parameter that contains a slash makes a different path.
      return /is no documented operation$/.test(message) ? undefined : message
    }
  }
}

function validator(document: OpenapiDocument, schema: string): ValidateFunction {
  const ajv = new Ajv2020.default({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'openapi')
  return ajv.compile({ $ref: `openapi#/components/schemas/${schema}` })
}

/** Finds answers that are not HTTP, and a 500 that neither the demo data nor the request asked for. */
function failureIn(
  { sandbox, target }: FuzzRequest,
  { status, headers, body, isWhole }: WireAnswer,
): string | undefined {
  if (status === 0) return 'the answer is not HTTP'
  if (sandbox === 'faulty' || 'preference-applied' in headers || target.includes(FAILING_INSTANCE)) return undefined
  const json = isWhole && /json/.test(headers['content-type'] ?? '') ? parsed(body.toString()) : undefined
  const code = isArcgisError(json) ? json.error.code : status
  return code === 500 ? `an unexpected failure: ${body.toString().slice(0, 200)}` : undefined
}

const NOT_JSON = Symbol('not JSON')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return NOT_JSON
  }
}

function isArcgisError(json: unknown): json is { error: { code: number } } {
  const { error } = (typeof json === 'object' && json !== null ? json : {}) as { error?: unknown }
  return typeof error === 'object' && error !== null && 'code' in error
}

const DOWNLOAD_HOST = 'backups.dscloud.pt'

function routedPath(target: string, host: string): string {
  const path = withoutSandbox(target)
  return host === DOWNLOAD_HOST && !path.startsWith(`/${DOWNLOAD_HOST}`) ? `/${DOWNLOAD_HOST}${path}` : path
}
