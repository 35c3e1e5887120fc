// State documents for fuzzing: an exported one with some values changed.
import fc from 'fast-check'
import { unexpectedValue } from './values.ts'

type Change = (document: Record<string, unknown>) => void

const remove = Symbol('remove')
const duplicate = Symbol('duplicate')

/** The document with one to three of its values replaced, removed, or, in lists, repeated. */
export function mutatedDocument(document: Record<string, unknown>): fc.Arbitrary<unknown> {
  const paths = pathsIn(document, [])
  const replacement: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 6, arbitrary: unexpectedValue },
    { weight: 1, arbitrary: fc.constant(remove) },
    { weight: 1, arbitrary: fc.constant(duplicate) },
    { weight: 2, arbitrary: fc.constantFrom('constructor', 'valueOf', '__proto__', 'nope', -1, 0, 2 ** 53, 1e21) },
  )
  const change = fc.tuple(fc.constantFrom(...paths), replacement).map(
    ([path, value]): Change =>
      whole =>
        replace(whole, path, value),
  )
  return fc.array(change, { minLength: 0, maxLength: 3 }).map(changes => {
    const copy = structuredClone(document)
    for (const apply of changes) apply(copy)
    return copy
  })
}

type Path = readonly (string | number)[]

/** The paths of all values, except those in lists after the first two entries. */
function pathsIn(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? value.slice(0, 2).entries() : Object.entries(value)
  const below = [...entries].flatMap(([name, each]) => pathsIn(each, [...path, name]))
  return path.length === 0 ? below : [path, ...below]
}

function replace(whole: unknown, path: Path, value: unknown): void {
  const [name = '', ...rest] = path
  // An earlier change may have removed it.
  if (typeof whole !== 'object' || whole === null) return
  const parent = whole as Record<string | number, unknown>
  if (rest.length > 0) replace(Object.hasOwn(parent, name) ? parent[name] : undefined, rest, value)
  else if (value === duplicate && Array.isArray(whole)) whole.push(structuredClone(whole[Number(name)]))
  else if (value === remove && Array.isArray(whole)) whole.splice(Number(name), 1)
  else if (value === remove || value === duplicate) delete parent[name]
  else parent[name] = value
}
