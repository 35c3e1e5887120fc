// Fault `redirect`: a redirect to the same URL, perhaps on another host.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { DEFAULT_SANDBOX } from '../../../sandbox/registry.ts'
import type { Scope } from '../../scope.ts'
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
          'Redirects to the same URL, or to the same path of the sandbox on another host; a loop unless the fault is limited, for example with times. The operation does not happen.',
      },
    ),
  ],
  operationHappens: () => false,
  onRequest({ status = 302, host = 'same' }, { request, reply, scope }) {
    const { protocol, originalUrl, headers } = request
    const at = headers.host ?? ''
    const location = host === 'same' ? originalUrl : `${protocol}://${otherHost(at)}${pathOf(request.url, scope)}`
    reply.code(status).header('location', location).header('content-length', 0).send('')
  },
})

function otherHost(host: string): string {
  const [, port = ''] = /(:\d+)?$/.exec(host) ?? []
  return (host.slice(0, host.length - port.length) === 'localhost' ? '127.0.0.1' : 'localhost') + port
}

/** Names the sandbox, which the host may have named. `url` is the one that was routed, which does not depend on the host either. */
function pathOf(url: string, { sandbox: { name } }: Scope): string {
  return name === DEFAULT_SANDBOX ? url : `/@${name}${url}`
}
