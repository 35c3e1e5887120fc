// Serves the OpenAPI documents: of the APIs together, of each API, and of the control API. They name the server that was asked.
import type { FastifyInstance } from 'fastify'
import { OWN } from '../routes.ts'
import { destinationOf } from '../scope.ts'
import { documentOf, type OpenapiDocument } from './openapi-document.ts'

export interface DocumentOptions {
  apis: readonly { name: string; title: string }[]
  /** The OpenAPI document of the APIs. */
  describeApis(): Promise<OpenapiDocument>
  /** The one of the control API. */
  describeControl(): Promise<object>
  toYaml(document: object): Promise<string>
}

/** The document of the control API, beside those of the APIs. */
export const CONTROL_DOCUMENT = 'control'

/** Stands for the URL of the server until a document is sent. */
const URL_PLACEHOLDER = 'http://url-of-the-server.invalid'

const MEDIA_TYPES = { json: 'application/json; charset=utf-8', yaml: 'application/yaml; charset=utf-8' } as const
type Form = keyof typeof MEDIA_TYPES
const forms = Object.keys(MEDIA_TYPES) as Form[]

/**
 * `/openapi.json` has all APIs, and `/openapi/NAME.json` one of them, or the control API; `.yaml` likewise. Each is made at the
 * first request for it.
 */
export function serveDocuments(app: FastifyInstance, options: DocumentOptions): void {
  const { apis, describeApis, describeControl } = options
  const serve = (path: string, describe: () => Promise<object>) => {
    for (const form of forms) serveDocument(app, `${path}.${form}`, form, () => textOf(form, describe, options))
  }
  serve('/openapi', describeApis)
  for (const api of apis) serve(`/openapi/${api.name}`, async () => documentOf(await describeApis(), api))
  serve(`/openapi/${CONTROL_DOCUMENT}`, describeControl)
}

function serveDocument(app: FastifyInstance, url: string, form: Form, make: () => Promise<string>): void {
  let made: Promise<string> | undefined
  app.get(url, { schema: OWN }, async (request, reply) => {
    made ??= make()
    const serverUrl = JSON.stringify(destinationOf(request).origin)
    const text = await made
    return reply.type(MEDIA_TYPES[form]).send(text.replace(PLACEHOLDERS[form], () => serverUrl))
  })
}

/** YAML accepts JSON's quoting, which every URL fits into. */
const PLACEHOLDERS = { json: `"${URL_PLACEHOLDER}"`, yaml: URL_PLACEHOLDER } as const

async function textOf(
  form: Form,
  describe: () => Promise<object>,
  { toYaml }: Pick<DocumentOptions, 'toYaml'>,
): Promise<string> {
  const document = { ...(await describe()), servers: [{ url: URL_PLACEHOLDER, description: 'This server' }] }
  return form === 'json' ? JSON.stringify(document) : toYaml(document)
}
