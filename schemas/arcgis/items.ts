// ArcGIS Enterprise Portal Directory API: the wire contract of the items that backups capture, as far as it is needed to see a restore.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from '../strict.ts'
import { common, context, Millis } from './common.ts'

const id = Type.String({ description: 'The ID of the item', examples: ['1a0e0c8f3e5b4a1f9d2c7b6a59483726'] })
const username = Type.String({ description: 'The user who owns the item', examples: ['siteadmin'] })
export const ArcgisItemParams = Type.Object({ context, id })
export const ArcgisUserParams = Type.Object({ context, username })
export const ArcgisUserItemParams = Type.Object({ context, username, id })

export const ArcgisItem = Type.Object(
  {
    id: Type.String(),
    owner: Type.String(),
    created: Millis('When the item was added'),
    modified: Millis('When the item was last changed'),
    title: Type.String(),
    type: Type.String({ examples: ['Web Map'] }),
    description: Type.String(),
    tags: Type.Array(Type.String()),
    access: Type.Literal('org'),
  },
  { $id: 'ArcgisItem', ...strict },
)
export type ArcgisItem = Static<typeof ArcgisItem>

export const ArcgisSearchParameters = Type.Object(
  {
    q: Type.Optional(
      Type.String({
        description: 'Words that must all occur; owner:, title:, type:, tags: and id: search one field',
        examples: ['type:"Web Map"'],
      }),
    ),
    start: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'The first result; 1 by default' }),
    ),
    num: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'How many results; 10 by default' })),
  },
  { $id: 'ArcgisSearchForm' },
)

export const ArcgisSearchResult = Type.Object(
  {
    query: Type.String(),
    total: Type.Integer(),
    start: Type.Integer(),
    num: Type.Integer({ description: 'The number of results' }),
    nextStart: Type.Integer({ description: '-1 when there are no more results' }),
    results: Type.Array(ArcgisItem),
  },
  { $id: 'ArcgisSearchResult', ...strict },
)
export type ArcgisSearchResult = Static<typeof ArcgisSearchResult>

const description = Type.Optional(Type.String())
const tags = Type.Optional(Type.String({ description: 'Separated by commas' }))

export const ArcgisAddItemForm = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    type: Type.String({ minLength: 1, examples: ['Web Map'] }),
    description,
    tags,
    ...common,
  },
  { $id: 'ArcgisAddItemForm' },
)
export type ArcgisAddItemForm = Static<typeof ArcgisAddItemForm>

export const ArcgisUpdateItemForm = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1 })),
    type: Type.Optional(Type.String({ minLength: 1 })),
    description,
    tags,
    ...common,
  },
  { $id: 'ArcgisUpdateItemForm' },
)
export type ArcgisUpdateItemForm = Static<typeof ArcgisUpdateItemForm>

export const ArcgisItemAdded = Type.Object(
  { success: Type.Literal(true), id: Type.String(), folder: Type.Null() },
  { $id: 'ArcgisItemAdded', ...strict },
)
export const ArcgisItemUpdated = Type.Object(
  { success: Type.Literal(true), id: Type.String() },
  { $id: 'ArcgisItemUpdated', ...strict },
)
export const ArcgisItemDeleted = Type.Object(
  { success: Type.Literal(true), itemId: Type.String() },
  { $id: 'ArcgisItemDeleted', ...strict },
)
