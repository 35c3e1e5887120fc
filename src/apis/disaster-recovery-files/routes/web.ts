// disaster-recovery-files: the web interface: its forms, and the list of its routes.
import type { FastifyRequest } from 'fastify'
import { isCrossSite } from '../../../http/cross-site.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { catalogue } from '../errors.ts'
import { frameOf } from '../pages/frame.ts'
import { FORM_TYPE } from './web-common.ts'
import { downloadFile, viewFiles } from './web-files.ts'
import { apiKey, archivePassword } from './web-secrets.ts'
import { signIn, signOut } from './web-sign-in.ts'

export function webRoutes(app: TypedApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (_request, text: string, done) =>
    done(null, Object.fromEntries(new URLSearchParams(text))),
  )
  app.get('/', { schema: { hide: true } }, (request, reply) =>
    reply.redirect(`${frameOf(request).basePath}/disaster-recovery-files`, 303),
  )
  signIn(app)
  signOut(app)
  viewFiles(app)
  downloadFile(app)
  archivePassword(app)
  apiKey(app)
}

/** A guard of the mount. Throws CrossSiteRequest. */
export function refuseCrossSiteForms(request: FastifyRequest): void {
  if (request.method === 'POST' && isCrossSite(request)) throw catalogue.error('CrossSiteRequest')
}
