// The journal of a sandbox: what clients sent and got, in WireMock's paths and shapes, and what else can be asked of it.
import { Readable } from 'node:stream'
import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as wire from '../../../schemas/control.ts'
import { type Answer, json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { destinationOf } from '../../http/scope.ts'
import type { RequestsControl } from '../journal/requests.ts'
import { memoizeLast } from '../../sandbox/memoize.ts'
import { type ControlContext, type Place, rehearsalOf } from '../context.ts'
import { type ErrorName, failuresOf } from '../errors.ts'

const RequestParams = Type.Object({ id: Type.String() })
const Done = Type.Object({}, { $id: 'Done', additionalProperties: false })
const tags = ['requests']

type Requests = (request: FastifyRequest) => RequestsControl

export function requestRoutes(app: TypedApp, context: ControlContext, { base, hide }: Place): void {
  const requests: Requests = request => rehearsalOf(context, request).requests
  reading(app, requests, base, hide)
  searching(app, requests, base, hide)
  one(app, requests, base, hide)
  app.get(
    `${base}/requests/live`,
    {
      schema: {
        operationId: 'watchRequests',
        summary: 'Each request as it is answered, as server-sent events',
        description: 'id is the request’s, event is `request`, data is what reading it gives.',
        tags,
        hide,
        response: {
          200: text('Goes on until either side ends it', 'text/event-stream'),
          ...failuresOf('LimitReached'),
        },
      },
      exposeHeadRoute: false,
    },
    (request, reply) => sendEvents(requests(request), reply),
  )
}

function reading(app: TypedApp, requests: Requests, base: string, hide: boolean): void {
  app.get(
    `${base}/requests`,
    {
      schema: {
        ...described(
          'listRequests',
          'What clients sent and got, the latest first',
          hide,
          wire.RequestLog,
          'BadRequest',
        ),
        querystring: wire.RequestQuery,
      },
    },
    request => requests(request).list(request.query),
  )
  app.delete(`${base}/requests`, { schema: described('clearRequests', 'Empty the journal', hide, Done) }, request => {
    requests(request).clear()
    return {}
  })
  app.post(
    `${base}/requests/reset`,
    { schema: described('resetRequests', 'Empty the journal', hide, Done) },
    request => {
      requests(request).clear()
      return {}
    },
  )
  app.get(
    `${base}/requests/unmatched`,
    { schema: described('listUnmatchedRequests', 'Requests at which nothing is served', hide, wire.FoundRequests) },
    request => requests(request).unmatched(),
  )
  app.get(
    `${base}/requests.har`,
    { schema: described('exportHar', 'The journal for the developer tools of a browser', hide, wire.Har) },
    request => requests(request).har(),
  )
}

function searching(app: TypedApp, requests: Requests, base: string, hide: boolean): void {
  const body = wire.RequestPattern
  app.post(
    `${base}/requests/count`,
    { schema: { ...described('countRequests', 'How many match', hide, wire.RequestCount, 'BadRequest'), body } },
    request => requests(request).count(request.body),
  )
  app.post(
    `${base}/requests/find`,
    { schema: { ...described('findRequests', 'Those that match', hide, wire.FoundRequests, 'BadRequest'), body } },
    request => requests(request).find(request.body),
  )
  app.post(
    `${base}/requests/remove`,
    {
      schema: {
        ...described('removeRequests', 'Remove those that match', hide, wire.RemovedRequests, 'BadRequest'),
        body,
      },
    },
    request => requests(request).remove(request.body),
  )
  app.post(
    `${base}/requests/verify`,
    {
      schema: {
        ...described('verifyRequests', 'Whether as many match as should', hide, wire.Verdict, 'BadRequest', 'Conflict'),
        body: wire.RequestExpectation,
      },
    },
    request => requests(request).verify(request.body),
  )
  app.post(
    `${base}/requests/wait`,
    {
      schema: {
        ...described(
          'waitForRequests',
          'Answers as soon as enough match',
          hide,
          wire.FoundRequests,
          'BadRequest',
          'Conflict',
          'RequestTimeout',
        ),
        description: 'Those before count, too. After timeoutMs, or when the sandbox goes, 408 says what is missing.',
        body: wire.RequestWait,
      },
    },
    (request, reply) => requests(request).wait(request.body, untilGone(reply)),
  )
}

function one(app: TypedApp, requests: Requests, base: string, hide: boolean): void {
  const params = RequestParams
  app.get(
    `${base}/requests/:id`,
    { schema: { ...described('readRequest', 'One request', hide, wire.ServeEvent), params } },
    request => requests(request).get(request.params.id),
  )
  app.delete(
    `${base}/requests/:id`,
    { schema: { ...described('dropRequest', 'Remove one request', hide, Done), params } },
    request => {
      requests(request).drop(request.params.id)
      return {}
    },
  )
  app.get(
    `${base}/requests/:id/explain`,
    { schema: { ...described('explainRequest', 'Why it was answered as it was', hide, wire.Explanation), params } },
    request => requests(request).explain(request.params.id),
  )
  const texts = [
    ['curl', 'exportCurl', 'As a command to paste; each secret is a variable, to hold it as it stands there'],
    ['exchange', 'exportExchange', 'As a command and its answer, the form of fixtures/exchanges'],
  ] as const
  for (const [form, operationId, summary] of texts) {
    const response = { 200: text(summary, 'text/plain'), ...failuresOf() }
    app.get(
      `${base}/requests/:id/${form}`,
      { schema: { operationId, summary, tags, hide, params, response } },
      (request, reply) =>
        reply
          .type('text/plain; charset=utf-8')
          .send(requests(request)[form](request.params.id, destinationOf(request).serverUrl)),
    )
  }
}

function described<Schema extends TSchema>(
  operationId: string,
  summary: string,
  hide: boolean,
  schema: Schema,
  ...errors: ErrorName[]
) {
  return { operationId, summary, tags, hide, response: { 200: json(summary, schema), ...failuresOf(...errors) } }
}

function text(description: string, mediaType: string): Answer {
  return { description, content: { [mediaType]: { schema: Type.String() } } }
}

/** Aborted when the client has gone. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

/** A client that reads no more is let go of, before what it leaves unread fills the memory. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024

/** All listeners are told of the same event one after the other, and share its bytes. */
const messageOf = memoizeLast((event: wire.ServeEvent) =>
  Buffer.from(`id: ${event.id}\nevent: request\ndata: ${JSON.stringify(event)}\n\n`),
)

function sendEvents(requests: RequestsControl, reply: FastifyReply): FastifyReply {
  const events = new Readable({ read() {} })
  const end = () => events.push(null)
  const stop = requests.live(event => {
    if (events.readableLength > MAX_UNREAD_BYTES) events.destroy()
    else events.push(messageOf(event))
  }, end)
  events.once('close', stop)
  // The first bytes take the head along: until then the client would not know that it is connected.
  events.push('retry: 1000\n\n')
  return reply.type('text/event-stream').send(events)
}
