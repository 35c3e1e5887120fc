// Serves the OpenAPI documents.
import type { FastifyInstance } from 'fastify'
import { OWN } from '../routes.ts'

/** `describeApis` makes the OpenAPI document of the APIs, as YAML. */
export function serveDocuments(app: FastifyInstance, describeApis: () => Promise<string>): void {
  app.get('/openapi.yaml', { schema: OWN }, async (_request, reply) =>
    reply.type('application/yaml').send(await describeApis()),
  )
}
