// State documents for fuzzing: a real one with some of it changed.
import fc from 'fast-check'
import { nastyValue } from './values.ts'

type Change = (document: Record<string, unknown>) => void

const remove = Symbol('remove')
const twice = Symbol('twice')

/** The document with one to three of its values replaced, removed, or, in lists, repeated. */
export function mutatedDocument(document: Record<string, unknown>): fc.Arbitrary<unknown> {
  const places = placesIn(document, [])
  const what: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 6, arbitrary: nastyValue },
    { weight: 1, arbitrary: fc.constant(remove) },
    { weight: 1, arbitrary: fc.constant(twice) },
    { weight: 2, arbitrary: fc.constantFrom('constructor', 'valueOf', '__proto__', 'nope', -1, 0, 2 ** 53, 1e21) },
  )
  const change = fc.tuple(fc.constantFrom(...places), what).map(
    ([place, value]): Change =>
      whole =>
        replace(whole, place, value),
  )
  return fc.array(change, { minLength: 0, maxLength: 3 }).map(changes => {
    const copy = structuredClone(document)
    for (const apply of changes) apply(copy)
    return copy
  })
}

type Place = readonly (string | number)[]

/** Every value but those far down in long lists: the first two of a list stand for the others. */
function placesIn(value: unknown, place: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [place]
  const entries = Array.isArray(value) ? value.slice(0, 2).entries() : Object.entries(value)
  const below = [...entries].flatMap(([name, each]) => placesIn(each, [...place, name]))
  return place.length === 0 ? below : [place, ...below]
}

function replace(whole: unknown, place: Place, value: unknown): void {
  const [name = '', ...rest] = place
  // An earlier change may have taken the place away.
  if (typeof whole !== 'object' || whole === null) return
  const holder = whole as Record<string | number, unknown>
  if (rest.length > 0) replace(Object.hasOwn(holder, name) ? holder[name] : undefined, rest, value)
  else if (value === twice && Array.isArray(whole)) whole.push(structuredClone(whole[Number(name)]))
  else if (value === remove && Array.isArray(whole)) whole.splice(Number(name), 1)
  else if (value === remove || value === twice) delete holder[name]
  else holder[name] = value
}
