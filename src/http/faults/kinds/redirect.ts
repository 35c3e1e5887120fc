// Fault `redirect`: a redirect to the same URL, perhaps on another host.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'

export const redirect = faultKind({
  name: 'redirect',
  provokes: 'A redirect is not followed, loses Range, sends credentials to another host, or is followed for ever.',
  forms: [
    Type.Object(
      {
        status: Type.Optional(literals([301, 302, 303, 307, 308], { description: '302 when left out' })),
        host: Type.Optional(
          literals(['same', 'other'], {
            description:
              'other: localhost instead of another host, and 127.0.0.1 instead of localhost, with the same port; same by default',
          }),
        ),
      },
      {
        ...strict,
        description:
          'Redirects to the same path and query; a loop unless the fault is limited, for example with times. The operation does not happen.',
      },
    ),
  ],
  operationHappens: () => false,
  onRequest({ status = 302, host = 'same' }, { request, reply }) {
    const { protocol, originalUrl, headers } = request
    const at = headers.host ?? ''
    const location = host === 'same' ? originalUrl : `${protocol}://${otherHost(at)}${originalUrl}`
    reply.code(status).header('location', location).header('content-length', 0).send('')
  },
})

function otherHost(host: string): string {
  const [, port = ''] = /(:\d+)?$/.exec(host) ?? []
  return (host.slice(0, host.length - port.length) === 'localhost' ? '127.0.0.1' : 'localhost') + port
}
