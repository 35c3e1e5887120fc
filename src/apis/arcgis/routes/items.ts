// arcgis: the items of the organization, in the Portal Directory API: enough to see the effect of a restore.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import * as service from '../service/items.ts'
import type { Item } from '../state.ts'
import { callerOf } from './common.ts'
import { ITEM, SEARCH_RESULT } from './item-samples.ts'
import { operation } from './operation.ts'
import { resource } from './resource.ts'

const OWN_ITEM = '/content/users/:username/items/:id'

const FIELDS: Provenance[] = [
  {
    behaviour: 'A part of the documented fields of an item',
    mark: 'documented',
    source: 'Enterprise Portal Directory API: Item',
  },
  { behaviour: 'Every signed-in user sees every item; a token is required', mark: 'inferred' },
]
const MISSING: Provenance = {
  behaviour: 'CONT_0001 for an unknown item',
  mark: 'client-code',
  source: 'ajturner/arcgis-ruby',
}
const OWNER: Provenance = {
  behaviour: 'The owner and administrators can change an item',
  mark: 'documented',
  source: 'Enterprise Portal Directory API',
}

export function items(app: TypedApp): void {
  resource(app, {
    path: '/search',
    operationId: 'searchItems',
    summary: 'Search',
    description: 'Searches the items of the organization.',
    params: wire.ArcgisContextParams,
    parameters: wire.ArcgisSearchParameters,
    allow: () => true,
    response: { description: 'The items that were found.', schema: wire.ArcgisSearchResult, documented: SEARCH_RESULT },
    provenance: [
      ...FIELDS,
      {
        behaviour: 'q, start, num and the fields of the response',
        mark: 'documented',
        source: 'Enterprise Portal Directory API: Search',
      },
      { behaviour: 'All items in order of creation without q; only a part of the syntax of q', mark: 'inferred' },
    ],
    read({ scope, input: { q = '', start = 1, num = 10 } }) {
      const { total, items: found } = service.searchItems(scope, { q, start, num })
      const end = start + found.length
      const results = found.map(itemBody)
      return { query: q, total, start, num: found.length, nextStart: end <= total && num > 0 ? end : -1, results }
    },
    page: {
      shown: ({ results: _results, ...rest }) => rest,
      children: ({ results }) => results.map(({ id, title }) => ({ name: title, path: `/content/items/${id}` })),
    },
  })
  resource(app, {
    path: '/content/items/:id',
    operationId: 'getItem',
    summary: 'Item',
    description: 'An item of the organization.',
    params: wire.ArcgisItemParams,
    allow: () => true,
    response: { description: 'The item.', schema: wire.ArcgisItem, documented: ITEM },
    errors: ['UnknownItem'],
    provenance: [...FIELDS, MISSING],
    read: ({ scope, params }) => itemBody(service.findItem(scope, params.id)),
    page: {
      title: ({ title }) => `Item: ${title}`,
      operations: ({ id, owner }) => [
        { name: 'Update Item', path: `/content/users/${encodeURIComponent(owner)}/items/${id}/update` },
        { name: 'Delete Item', path: `/content/users/${encodeURIComponent(owner)}/items/${id}/delete` },
      ],
    },
  })
  change(app)
}

function change(app: TypedApp): void {
  operation(app, {
    path: '/content/users/:username/addItem',
    operationId: 'addItem',
    summary: 'Add Item',
    description: 'Adds an item of a user.',
    params: wire.ArcgisUserParams,
    body: wire.ArcgisAddItemForm,
    allow: () => true,
    response: {
      description: 'The ID of the item.',
      schema: wire.ArcgisItemAdded,
      documented: { success: true, id: ITEM.id, folder: null },
    },
    provenance: [
      OWNER,
      {
        behaviour: 'title, type, description and tags; the response',
        mark: 'documented',
        source: 'Enterprise Portal Directory API: Add Item',
      },
    ],
    run({ scope, params, input, request }) {
      const id = service.addItem(scope, callerOf(request), params.username, input)
      return { success: true as const, id, folder: null }
    },
    page: { links: ({ id }) => ({ id: `/content/items/${id}` }) },
  })
  operation(app, {
    path: `${OWN_ITEM}/update`,
    operationId: 'updateItem',
    summary: 'Update Item',
    description: 'Changes an item.',
    params: wire.ArcgisUserItemParams,
    body: wire.ArcgisUpdateItemForm,
    allow: () => true,
    response: {
      description: 'The ID of the item.',
      schema: wire.ArcgisItemUpdated,
      documented: { success: true, id: ITEM.id },
    },
    errors: ['UnknownItem'],
    provenance: [
      OWNER,
      MISSING,
      {
        behaviour: 'Parameters and response',
        mark: 'documented',
        source: 'Enterprise Portal Directory API: Update Item',
      },
    ],
    run({ scope, params: { username, id }, input, request }) {
      service.updateItem(scope, callerOf(request), { owner: username, id }, input)
      return { success: true as const, id }
    },
    page: { links: ({ id }) => ({ id: `/content/items/${id}` }) },
  })
  operation(app, {
    path: `${OWN_ITEM}/delete`,
    operationId: 'deleteItem',
    summary: 'Delete Item',
    description: 'Deletes an item.',
    params: wire.ArcgisUserItemParams,
    body: wire.ArcgisForm,
    allow: () => true,
    response: {
      description: 'The ID of the item.',
      schema: wire.ArcgisItemDeleted,
      documented: { success: true, itemId: ITEM.id },
    },
    errors: ['UnknownItem'],
    provenance: [
      OWNER,
      MISSING,
      { behaviour: 'The response', mark: 'documented', source: 'Enterprise Portal Directory API: Delete Item' },
    ],
    run({ scope, params: { username, id }, request }) {
      service.deleteItem(scope, callerOf(request), { owner: username, id })
      return { success: true as const, itemId: id }
    },
    page: { related: () => [{ name: 'Search', path: '/search' }] },
  })
}

export function itemBody({ id, owner, title, type, description, tags, createdAt, modifiedAt }: Item): wire.ArcgisItem {
  return { id, owner, created: createdAt, modified: modifiedAt, title, type, description, tags, access: 'org' }
}
