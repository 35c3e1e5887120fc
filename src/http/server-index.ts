// Serves the index at `/`, which lists the APIs and links to their descriptions, and the OpenAPI document.
import type { FastifyInstance } from 'fastify'
import { OWN } from './routes.ts'
import { destinationOf } from './scope.ts'

export interface ServerIndex {
  version: string
  apis: readonly { name: string; title: string; basePaths: readonly string[] }[]
  /** The base path of the control API. */
  controlPath: string
  /** The OpenAPI document of the APIs, as YAML. */
  describeApis(): Promise<string>
}

const OPENAPI_PATH = '/openapi.yaml'

/** Serves the index at `/` and the APIs' OpenAPI document. Links lead into the addressed sandbox. */
export function serveIndex(app: FastifyInstance, { version, apis, controlPath, describeApis }: ServerIndex): void {
  app.get('/', { schema: OWN }, request => {
    const { origin } = destinationOf(request)
    return {
      name: 'firedrill',
      version,
      apis,
      links: {
        openapi: origin + OPENAPI_PATH,
        controlOpenapi: `${origin}${controlPath}/openapi.json`,
        health: `${origin}${controlPath}/health`,
      },
    }
  })
  app.get(OPENAPI_PATH, { schema: OWN }, async (_request, reply) =>
    reply.type('application/yaml').send(await describeApis()),
  )
}
