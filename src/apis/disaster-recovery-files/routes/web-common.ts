// disaster-recovery-files: what the routes of the web interface share.
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { pageFailures } from './web-errors.ts'

export const security = [{ disasterRecoverySession: [] }]
export const FORM_TYPE = 'application/x-www-form-urlencoded'

export const COMMON: Provenance[] = [
  {
    behaviour: 'Paths, sessions, cookie and markup of the web interface; a sign-in without a second factor',
    mark: 'inferred',
  },
  { behaviour: 'Forms sent from pages of other sites are refused', mark: 'inferred' },
]

/** A response that is a page. */
export function page(description: string, schema = wire.DisasterRecoveryPage) {
  return { description, content: { 'text/html': { schema } } }
}

/** The errors of an operation with a form. */
export function formFailures(...more: Parameters<typeof pageFailures>) {
  return pageFailures('InvalidRequest', ...more, 'CrossSiteRequest', 'BodyTooLarge', 'UnsupportedMediaType')
}
