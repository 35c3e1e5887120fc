// arcgis: the three response formats, chosen by the parameter f.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Page, sendPage } from '../../http/html.ts'
import { type Frame, frameOf } from './frame.ts'
import { hasUnreadBody, parametersOf } from './parameters.ts'

export type Format = 'html' | 'json' | 'pjson'

/**
 * html when f is not given. json when it is none of the three, or stands in a body that was not read: the error about
 * that can then be read by a program.
 */
export function formatOf(request: FastifyRequest): Format {
  const { f = hasUnreadBody(request) ? 'json' : 'html' } = parametersOf(request)
  return f === 'html' || f === 'pjson' ? f : 'json'
}

/** Sends `value`, or the page that shows it. */
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
