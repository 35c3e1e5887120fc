// The error pages of an nginx in front of an API.
import type { FastifyReply } from 'fastify'

const TITLES = {
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/** Sends nginx's default page, without its version (`server_tokens off`). */
export function sendGatewayPage(reply: FastifyReply, status: keyof typeof TITLES): FastifyReply {
  const title = `${status} ${TITLES[status]}`
  const page = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ]
  return reply.code(status).headers({ server: 'nginx', 'content-type': 'text/html' }).send(page.join('\r\n'))
}
