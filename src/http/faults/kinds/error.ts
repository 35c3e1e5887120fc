// Fault `error`: an error of the API, in its own format.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'

export const error = faultKind({
  name: 'error',
  provokes: 'Errors other than the usual ones are not handled, or are taken for success.',
  forms: [
    Type.Object(
      { name: Type.String({ description: "The error's name in the API's catalogue of errors" }) },
      {
        ...strict,
        description: 'Responds with an error of the API, in its own format; the operation does not happen.',
      },
    ),
  ],
  operationHappens: () => false,
  check({ name }, api) {
    if (!api) return 'fault error for all operations needs an api, because each API has its own errors'
    if (Object.hasOwn(api.catalogue.rows, name)) return undefined
    return `unknown error "${name}" of ${api.name}; known errors are ${Object.keys(api.catalogue.rows).join(', ')}`
  },
  onRequest: ({ name }, { catalogue, fail }) => fail(catalogue.error(name)),
})
