// ArcGIS Enterprise Administrator API: the parameters and errors that operations share.
import { type Static, type StringOptions, type TSchema, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'

/** An instant on the wire. */
export const Millis = (description: string) => Type.Integer({ description: `${description}, in epoch milliseconds` })

/** Parameters of every operation. */
export const common = {
  f: Type.Optional(
    literals(['html', 'json', 'pjson'], { description: 'The response format. The default format is html.' }),
  ),
  token: Type.Optional(Type.String({ ...secret, description: 'A token from generateToken' })),
}

/** Parameters of a resource, in the query. */
export const ArcgisQuery = Type.Object(common)

/** Parameters of a resource, in a form. */
export const ArcgisForm = Type.Object(common, { $id: 'ArcgisForm' })

export const context = Type.String({
  description: 'The name of the web context of the deployment; any name is accepted',
  examples: ['arcgis'],
})
export const ArcgisContextParams = Type.Object({ context })

export const ArcgisError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Integer({ examples: [499] }),
        message: Type.String({ examples: ['Token Required.'] }),
        messageCode: Type.Optional(Type.String({ description: 'Of the sharing API', examples: ['GWM_0003'] })),
        details: Type.Union([Type.Array(Type.String()), Type.Null()]),
      },
      strict,
    ),
  },
  { $id: 'ArcgisError', ...strict },
)
export type ArcgisError = Static<typeof ArcgisError>

/** Success and failure both have status 200; the key `error` distinguishes them. */
export const ArcgisOutcome = (success: TSchema) => Type.Unsafe<unknown>({ oneOf: [success, ArcgisError] })

/** A form field whose text is JSON of the given schema. */
export const JsonText = <Value>(schema: TSchema, description: string, example: Value, options: StringOptions = {}) =>
  Type.String({
    ...options,
    minLength: 1,
    description: `${description}, as JSON`,
    contentMediaType: 'application/json',
    contentSchema: schema,
    examples: [JSON.stringify(example)],
  })

export const ArcgisSuccess = Type.Object({ status: Type.Literal('success') }, { $id: 'ArcgisSuccess', ...strict })
export type ArcgisSuccess = Static<typeof ArcgisSuccess>
