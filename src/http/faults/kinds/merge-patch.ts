// Fault `merge-patch`: fields of a JSON response are added, replaced or removed.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { isObject } from '../../../sandbox/is-object.ts'
import { ownValue } from '../../../sandbox/own.ts'
import { faultKind } from '../kind.ts'

export const mergePatch = faultKind({
  name: 'merge-patch',
  provokes:
    'A field that is new, missing or has an unknown value makes the client fail, or is taken for another value.',
  forms: [
    Type.Object(
      {
        patch: Type.Record(Type.String(), Type.Unknown(), {
          description: 'A JSON merge patch (RFC 7396): fields to add or replace; null removes a field',
        }),
        field: Type.Optional(
          Type.String({
            description: 'The field of the response that the patch is applied to; the whole response when left out',
          }),
        ),
      },
      {
        ...strict,
        description:
          'The operation happens; its JSON response is changed by the patch. Of a list, each element is changed.',
      },
    ),
  ],
  operationHappens: () => true,
  onResponse({ patch, field }, { reply, body }) {
    const value = typeof body === 'string' ? jsonOf(body) : undefined
    if (value === undefined) return body
    const changed = JSON.stringify(changedBody(value, patch, field))
    reply.header('content-length', Buffer.byteLength(changed))
    return changed
  },
})

/** Undefined for anything else. The content type does not tell: ArcGIS sends its format pjson as text/plain. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function changedBody(value: unknown, patch: object, field: string | undefined): unknown {
  if (field === undefined) return Array.isArray(value) ? value.map(each => merged(each, patch)) : merged(value, patch)
  return isObject(value) ? { ...value, [field]: changedBody(ownValue(value, field), patch, undefined) } : value
}

/** The algorithm of RFC 7396, section 2. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const fields = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name)
    else fields.set(name, merged(fields.get(name), value))
  }
  // Unlike an assignment, this makes an own property of `__proto__` too.
  return Object.fromEntries(fields)
}
