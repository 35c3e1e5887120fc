// Schemas of a9s: instances, their overview, and the error of every operation.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'

export const A9sInstanceParams = Type.Object({
  instance_id: Type.String({
    description: 'The GUID of the Service Instance',
    examples: ['10000000-0000-4000-8000-000000000001'],
  }),
})

const Timestamp = (description: string) => Type.String({ format: 'date-time', description })

export const A9sInstance = Type.Object(
  {
    id: Type.Integer({ description: 'The internal ID of the Service Instance' }),
    name: Type.String({ description: 'The name of the Service Instance' }),
    state: literals(['provisioned', 'available', 'deleted', 'deploying', 'failed', 'stopped'], {
      description: 'The state of the Service Instance',
    }),
    service_id: Type.String({ description: 'The GUID of the service' }),
    plan_id: Type.String({ description: 'The GUID of the service plan' }),
    tenant_id: Type.String({ description: 'The GUID of the organization' }),
    tenant_name: Type.String({ description: 'The name of the organization' }),
    subtenant_id: Type.String({ description: 'The GUID of the space' }),
    subtenant_name: Type.String({ description: 'The name of the space' }),
    urls: Type.Array(Type.String(), { description: 'Where the Service Instance is reached' }),
    available_updates: Type.Array(
      Type.Object({ name: Type.String(), type: Type.String(), version: Type.String() }, strict),
      { description: 'What the Service Instance can be updated to' },
    ),
    created_at: Timestamp('When the Service Instance was created'),
    updated_at: Timestamp('When the Service Instance was last changed'),
    data: Type.Object(
      {
        set: Type.String({ description: 'The name of the data set', examples: ['orders'] }),
        rows: Type.Integer({ minimum: 0, description: 'How many of its rows the Service Instance holds' }),
      },
      {
        ...strict,
        description:
          'What the Service Instance holds. Not part of the a9s API: added so that the effect of a restore can be seen.',
      },
    ),
  },
  { $id: 'A9sInstance', ...strict },
)
export type A9sInstance = Static<typeof A9sInstance>

export const A9sError = Type.Object(
  {
    error: Type.String({ description: 'A single word in camel case that uniquely identifies the error condition.' }),
    description: Type.String({ description: 'A user-facing error message explaining why the request failed.' }),
  },
  { $id: 'A9sError', ...strict },
)
export type A9sError = Static<typeof A9sError>
