// arcgis: the items of the organization: enough to see what a backup captures. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { mayAdminister } from './access.ts'

export interface Found {
  total: number
  items: state.Item[]
}

/** The items in which every term of the query is found, from the `start`th on, which is 1 for the first. */
export function searchItems({ sandbox }: Scope, { q = '', start = 1, num = 10 }): Found {
  const terms = termsOf(q)
  const found = state.listItems(sandbox.store).filter(item => terms.every(term => isIn(item, term)))
  return { total: found.length, items: found.slice(start - 1, start - 1 + num) }
}

interface Term {
  /** Undefined for a term that may be in any field. */
  field: string | undefined
  text: string
}

function termsOf(q: string): Term[] {
  const terms = q.matchAll(/(?:(?<field>\w+):)?(?:"(?<phrase>[^"]*)"|(?<word>[^\s"]+))/g)
  return [...terms].flatMap(({ groups: { field, phrase, word } = {} }) => {
    const text = (phrase ?? word ?? '').toLowerCase()
    const isJoint = field === undefined && /^(?:and|\*)$/.test(text)
    return text === '' || isJoint ? [] : [{ field, text }]
  })
}

function isIn(item: state.Item, { field, text }: Term): boolean {
  const { id, owner, title, type, description, tags } = item
  const fields: Record<string, string[]> = { id: [id], owner: [owner], title: [title], type: [type], tags }
  const searched = field === undefined ? [title, type, description, ...tags] : (fields[field] ?? [])
  const isWhole = field === 'id' || field === 'owner' || field === 'type'
  return searched.some(value => (isWhole ? value.toLowerCase() === text : value.toLowerCase().includes(text)))
}

/** Throws UnknownItem. */
export function findItem({ sandbox }: Scope, id: string): state.Item {
  const item = state.findItem(sandbox.store, id)
  if (!item) throw catalogue.error('UnknownItem')
  return item
}

export interface ItemFields {
  title: string
  type: string
  description?: string
  /** Separated by commas. */
  tags?: string
}

/**
 * Adds an item of the user and returns its id. Throws PermissionDenied when the caller is another user without the privilege, and
 * InvalidParameter when there is no such user.
 */
export function addItem(scope: Scope, caller: state.User, owner: string, fields: ItemFields): string {
  requireOwner(scope, caller, owner)
  const { sandbox, now } = scope
  if (!state.findUser(sandbox.store, owner))
    throw catalogue.error('InvalidParameter', { details: [`The user ${owner} was not found.`] })
  const id = sandbox.ids.uuid('arcgis/item').replaceAll('-', '')
  const { title, type, description = '', tags = '' } = fields
  state.insertItem(sandbox.store, {
    id,
    owner,
    title,
    type,
    description,
    tags: listOf(tags),
    createdAt: now,
    modifiedAt: now,
  })
  return id
}

/** Changes what is given. Throws PermissionDenied and UnknownItem. */
export function updateItem(
  scope: Scope,
  caller: state.User,
  { owner, id }: { owner: string; id: string },
  { tags, ...fields }: Partial<ItemFields>,
): void {
  const item = ownItem(scope, caller, owner, id)
  const changes = { ...fields, ...(tags !== undefined && { tags: listOf(tags) }) }
  state.updateItem(scope.sandbox.store, { ...item, ...changes, modifiedAt: scope.now })
}

/** Throws PermissionDenied and UnknownItem. */
export function deleteItem(scope: Scope, caller: state.User, { owner, id }: { owner: string; id: string }): void {
  ownItem(scope, caller, owner, id)
  state.deleteItem(scope.sandbox.store, id)
}

function ownItem(scope: Scope, caller: state.User, owner: string, id: string): state.Item {
  requireOwner(scope, caller, owner)
  const item = findItem(scope, id)
  if (item.owner !== owner) throw catalogue.error('UnknownItem')
  return item
}

/** Administrators may change the items of all users. Throws PermissionDenied. */
function requireOwner({ trace }: Scope, caller: state.User, owner: string): void {
  if (caller.username === owner || mayAdminister(caller)) return
  trace.enter('authentication')
  throw catalogue.error('PermissionDenied')
}

function listOf(text: string): string[] {
  return text.split(',').flatMap(tag => (tag.trim() === '' ? [] : [tag.trim()]))
}
