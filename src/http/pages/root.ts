// Serves `/`: the console to browsers, and an index of what is served to programs.
import type { FastifyInstance } from 'fastify'
import { negotiate } from '../negotiate.ts'
import { OWN } from '../routes.ts'
import { destinationOf } from '../scope.ts'
import { addVary } from '../vary.ts'
import type { SendConsole } from './console.ts'

export interface ServerIndex {
  version: string
  apis: readonly { name: string; title: string; basePaths: readonly string[] }[]
  /** The base path of the control API. */
  controlPath: string
}

/** Links lead into the addressed sandbox. */
export function serveRoot(
  app: FastifyInstance,
  { version, apis, controlPath }: ServerIndex,
  sendConsole: SendConsole,
): void {
  app.get('/', { schema: OWN }, (request, reply) => {
    addVary(reply, 'Accept')
    if (negotiate(request.headers.accept, ['application/json', 'text/html']) === 'text/html') {
      return sendConsole(request, reply)
    }
    const { origin } = destinationOf(request)
    return reply.send({
      name: 'firedrill',
      version,
      apis: apis.map(api => ({ ...api, openapi: `${origin}/openapi/${api.name}.json` })),
      links: {
        docs: `${origin}/docs`,
        openapi: `${origin}/openapi.yaml`,
        openapiJson: `${origin}/openapi.json`,
        controlOpenapi: `${origin}${controlPath}/openapi.json`,
        health: `${origin}${controlPath}/health`,
      },
    })
  })
}
