// arcgis: the three response formats, selected by the parameter f.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Page, sendPage } from '../../http/html.ts'
import { type Frame, frameOf } from './frame.ts'
import { hasUnreadBody, parametersOf } from './parameters.ts'

export type Format = 'html' | 'json' | 'pjson'

/**
 * html by default. json when f is invalid or may be in a body that was not read, so that programs can read the error
 * about it.
 */
export function formatOf(request: FastifyRequest): Format {
  const { f = hasUnreadBody(request) ? 'json' : 'html' } = parametersOf(request)
  return f === 'html' || f === 'pjson' ? f : 'json'
}

/** Sends `value` as JSON or as the page that shows it. */
export function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  value: object,
  page: (frame: Frame) => Page,
): FastifyReply {
  const format = formatOf(request)
  if (format === 'html') return sendPage(reply, page(frameOf(request)))
  if (format === 'json') return sendJson(reply, value)
  return reply.type('text/plain;charset=utf-8').send(JSON.stringify(value, null, 2))
}

export function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.type('application/json;charset=utf-8').send(JSON.stringify(value))
}
