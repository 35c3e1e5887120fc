// Checks an answer against the emitted OpenAPI document: its status must be declared and its body must match the schema.
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type OpenapiDocument, openapiDocument } from '../src/openapi.ts'
import type { Answer } from './helpers.ts'

interface Template {
  path: string
  pattern: RegExp
  parameters: number
}

const loaded: { apis?: Promise<Contract>; control?: Promise<Contract> } = {}

/** Throws when no operation is at the method and path, or when its document does not allow the answer. */
export async function assertContract(method: string, path: string, answer: Answer): Promise<void> {
  const part = /^(\/@[^/]+)?\/__admin\b/.test(path) ? 'control' : 'apis'
  loaded[part] ??= openapiDocument(part).then(document => new Contract(document))
  ;(await loaded[part]).assert(method, path, answer)
}

class Contract {
  readonly #document: OpenapiDocument
  readonly #templates: Template[]
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #ajv = new Ajv2020.default({ strict: false, allErrors: true })

  constructor(document: OpenapiDocument) {
    this.#document = document
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(document, 'openapi')
    this.#templates = Object.keys(document.paths)
      .map(template => ({ path: template, pattern: patternOf(template), parameters: template.split('{').length - 1 }))
      .sort((a, b) => a.parameters - b.parameters)
  }

  assert(method: string, url: string, { status, headers, json, text }: Answer): void {
    const path = (url.split('?')[0] as string)
      .replace(/^\/@[^/]+/, '')
      .replace(/^\/__admin\/sandboxes\/[^/]+(?=\/)/, '/__admin')
    const verb = method.toLowerCase()
    const template = this.#templates.find(({ pattern, path: at }) => pattern.test(path) && this.#operation(at, verb))
    if (!template) throw new Error(`${method} ${path} is no documented operation`)
    const { responses, operationId } = this.#operation(template.path, verb) as {
      responses: object
      operationId: string
    }
    const place = `${operationId} ${status}`
    const response = (responses as OpenapiDocument['paths'][string][string]['responses'])[status]
    if (!response) throw new Error(`${place} is not declared: ${text.slice(0, 300)}`)
    if (method === 'HEAD' || status === 304 || status === 204) return
    if (response.content === undefined && text === '') return
    const mediaType = (headers['content-type'] ?? '').split(';')[0] as string
    if (!response.content?.[mediaType]) throw new Error(`${place} with content type "${mediaType}" is not declared`)
    if (json === undefined) return
    const pointer = [
      'paths',
      template.path,
      this.#verb(template.path, verb),
      'responses',
      String(status),
      'content',
      mediaType,
      'schema',
    ]
    const validate = this.#validator(pointer)
    if (!validate(json))
      throw new Error(`${place} does not fit: ${this.#ajv.errorsText(validate.errors)}\n${text.slice(0, 500)}`)
  }

  #verb(path: string, verb: string): string {
    return verb === 'head' && !this.#document.paths[path]?.head ? 'get' : verb
  }

  #operation(path: string, verb: string) {
    return this.#document.paths[path]?.[this.#verb(path, verb)]
  }

  #validator(pointer: string[]): ValidateFunction {
    const ref = `openapi#/${pointer.map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
    const known = this.#validators.get(ref) ?? this.#ajv.compile({ $ref: ref })
    this.#validators.set(ref, known)
    return known
  }
}

function patternOf(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]+')}$`)
}
