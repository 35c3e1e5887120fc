// disaster-recovery-files: what every page of the web interface needs: where it is, and who is signed in.
import type { FastifyRequest } from 'fastify'
import { findScope } from '../../../http/scope.ts'
import type { User } from '../state/users.ts'

export const WEB_PATH = '/billing-platform'

export interface Frame {
  /** The start of every link, without a slash at its end. */
  basePath: string
  /** The path of this page. */
  path: string
  user: User | undefined
}

export function frameOf(request: FastifyRequest): Frame {
  const scope = findScope(request)
  const prefix = scope ? new URL(scope.origin).pathname.replace(/\/$/, '') : ''
  const [path] = request.url.split('?') as [string]
  return { basePath: prefix + WEB_PATH, path: prefix + path, user: scope?.principal as User | undefined }
}
