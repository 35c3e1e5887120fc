// Schemas of what the requirements of drills say, in drills and in reports.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'

/** Of drills and of requirements: words in lower case, joined by hyphens. */
export const NAME = '[a-z0-9]+(?:-[a-z0-9]+)*'

export const Provenance = Type.Object(
  {
    kind: literals(['rfc', 'vendor', 'bug', 'inferred'], {
      description:
        'A standard, a document of the vendor, a bug of a real client, or a conclusion that no document states',
    }),
    source: Type.String({ minLength: 1, description: 'Such as RFC 9110, section 10.2.3' }),
    url: Type.Optional(Type.String({ pattern: '^https?://' })),
  },
  strict,
)
export type Provenance = Static<typeof Provenance>

export const requirementFields = {
  id: Type.String({ pattern: `^${NAME}/${NAME}$`, description: '{drill}/{name}; does not change' }),
  version: Type.Integer({ minimum: 1, description: 'Raised when the requirement is judged differently' }),
  kind: literals(['required', 'recommended', 'check'], {
    description:
      'A required one that fails fails the drill, a recommended one makes it a warning, a check does not change its verdict',
  }),
  text: Type.String({ minLength: 1, description: 'What the client has to do' }),
  provenance: Provenance,
}
