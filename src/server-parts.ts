// The parts of the server: each mount of an API, the control API, the pages, and the rest. Each is a Fastify instance of its own, built at the first request for it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { apis } from './apis/index.ts'
import { Certifications } from './control/certifications/store.ts'
import type { ControlServer } from './control/invoke.ts'
import { urlsBelow } from './http/base-path.ts'
import { createFastify } from './http/fastify.ts'
import type { Hosts } from './http/hosts.ts'
import type { RecordedRequest } from './http/journal/messages.ts'
import { mount } from './http/mount.ts'
import { Operations } from './http/operations.ts'
import { collectRoutes } from './http/routes.ts'
import { packageVersion } from './package.ts'
import { hostNow } from './sandbox/clock/clock.ts'
import { answerFailure, answerUnroutable, MAX_PARAM_LENGTH, unknownAnswers } from './server-answers.ts'
import { addHooks, type Lifecycle } from './server-hooks.ts'
import { guardOptions, type ServerOptions } from './server-options.ts'
import { isControl, isPage } from './server-urls.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

const mounts = apis.flatMap(api => api.mounts)

/** The operations of the APIs, which are the same in every server. */
export const operations = new Operations(mounts)

const securitySchemes = Object.fromEntries(apis.flatMap(api => Object.entries(api.securitySchemes)))

export function controlServer({
  registry,
  describeControl,
}: Pick<ServerOptions, 'registry' | 'describeControl'>): ControlServer {
  const startedAt = hostNow()
  return {
    registry,
    apis,
    operations,
    certifications: new Certifications(),
    version: packageVersion(),
    uptimeMs: () => hostNow() - startedAt,
    describe: describeControl,
  }
}

export interface PartOptions extends ServerOptions {
  control: ControlServer
  hosts: Hosts
  lifecycle: Lifecycle
}

/** A Fastify instance with what every part has: the hooks, and the answers where no route matches. */
export function createApp(options: PartOptions, more: FastifyServerOptions = {}): FastifyInstance {
  const { hosts, lifecycle } = options
  const app = createFastify({
    ...more,
    bodyLimit: BODY_LIMIT_BYTES,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerUnroutable(options, operations, hosts),
  })
  // Keeps Fastify from looking for a serializer for each response.
  app.setReplySerializer(payload => JSON.stringify(payload))
  const answerUnknown = unknownAnswers(options, operations)
  app.setNotFoundHandler((request, reply) => answerUnknown(request, reply))
  app.setErrorHandler(answerFailure(options, operations))
  collectRoutes(app, isControl, securitySchemes)
  addHooks(app, options, operations, hosts, lifecycle)
  return app
}

/** A part that is built at its first request. */
export class Part {
  /** Whether it is a mount of an API. */
  readonly isApi: boolean
  readonly #build: () => Promise<FastifyInstance>
  #building: Promise<FastifyInstance> | undefined
  #app: FastifyInstance | undefined

  constructor(build: () => Promise<FastifyInstance>, { isApi = false } = {}) {
    this.#build = build
    this.isApi = isApi
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#app) this.#app.routing(request, response)
    else void this.#handleWhenBuilt(request, response)
  }

  async #handleWhenBuilt(request: IncomingMessage, response: ServerResponse): Promise<void> {
    ;(request as RecordedRequest).keepBody()
    this.#building ??= this.#build()
    this.#app = await this.#building
    this.#app.routing(request, response)
  }

  async close(): Promise<void> {
    const app = await this.#building
    await app?.close()
  }
}

export class Parts {
  readonly #control: Part
  readonly #pages: Part
  readonly #mounts: readonly { urls: RegExp; part: Part }[]

  constructor(options: PartOptions) {
    const { config, report, control, log } = options
    this.#control = new Part(async () => {
      const { answerUnknownControl, mountControl } = await import('./control/index.ts')
      const guard = guardOptions(config)
      const answerControl = (request: FastifyRequest, reply: FastifyReply) =>
        answerUnknownControl(request, reply, guard)
      const app = createApp({ ...options, answerControl })
      mountControl(app, { server: control, guard, report, log })
      await app.ready()
      return app
    })
    this.#pages = new Part(async () => {
      const { servePages } = await import('./server-pages.ts')
      const app = createApp(options)
      servePages(app, options)
      await app.ready()
      return app
    })
    this.#mounts = mounts.map(each => ({
      urls: urlsBelow([each.basePath]),
      part: new Part(
        async () => {
          const app = createApp(options)
          mount(app, report, each)
          await app.ready()
          return app
        },
        { isApi: true },
      ),
    }))
  }

  /** The part that the URL belongs to, as routed; undefined for the rest. */
  at(url: string): Part | undefined {
    const path = url.includes('%') ? decode(url) : url
    if (isControl(path)) return this.#control
    return this.#mounts.find(({ urls }) => urls.test(path))?.part ?? (isPage(path) ? this.#pages : undefined)
  }

  async close(): Promise<void> {
    await Promise.all([this.#control, this.#pages, ...this.#mounts.map(({ part }) => part)].map(part => part.close()))
  }
}

/** As the router decodes it; unchanged if it cannot. */
function decode(url: string): string {
  try {
    return decodeURI(url)
  } catch {
    return url
  }
}
