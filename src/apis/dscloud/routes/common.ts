// dscloud: what the routes share.
import type { Provenance } from '../../../http/provenance.ts'

export const SQUARE_CLOUD = 'Square Cloud API, whose documentation the vendor adapted'

export const tags = ['dscloud']

/** Of every operation. */
export const COMMON: Provenance[] = [
  {
    behaviour: 'Error body of status, code; codes in UPPER_SNAKE_CASE',
    mark: 'upstream',
    source: SQUARE_CLOUD,
  },
  { behaviour: 'The message of an error; 404 for an unknown path, 405', mark: 'inferred' },
  {
    behaviour: '429 after too many requests, and to wait for 30 minutes then',
    mark: 'documented',
    source: 'DS Cloud database restrictions',
  },
  { behaviour: 'That this applies to the API as well, the code RATE_LIMIT_EXCEEDED and Retry-After', mark: 'inferred' },
]

export const security = [{ dscloudApiKey: [] }]

export const LARGE_KEY: Provenance = {
  behaviour: 'Of an archive of more than 1 GiB, the key is not a checksum but derived from the seed',
  mark: 'inferred',
}

/** Of every operation with an API key. */
export const WITH_KEY: Provenance[] = [
  { behaviour: '401 ACCESS_DENIED', mark: 'upstream', source: SQUARE_CLOUD },
  {
    behaviour: 'The part of the API key before the first dash is the account ID',
    mark: 'upstream',
    source: SQUARE_CLOUD,
  },
  {
    behaviour: 'With --dscloud-limits: 60 requests of an account in 60 seconds, the limit of the smallest plan',
    mark: 'upstream',
    source: SQUARE_CLOUD,
  },
  ...COMMON,
]

/** Of every operation on backups. */
export const PLANS: Provenance[] = [
  { behaviour: 'The plans with backups', mark: 'documented' },
  { behaviour: 'The codes UPGRADE_REQUIRED and APP_NOT_FOUND', mark: 'upstream', source: SQUARE_CLOUD },
  {
    behaviour: 'Statuses 403 and 404; the plan is checked before the app; 404 for apps of other accounts',
    mark: 'inferred',
  },
]
