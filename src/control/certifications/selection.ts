// Chooses the drills of a certification, and checks the list of known failures.
import type { CertificationRequest } from '../../../schemas/control/certifications.ts'
import type { Drill } from '../../../schemas/drills.ts'
import { compileRegularExpression } from '../../sandbox/patterns/regular-expressions.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { CLIENT_ENDS, checkDrill, drillIds, readDrill } from '../drills/files.ts'
import type { ControlServer } from '../invoke.ts'

/** In alphabetical order, then those that are given in full. Throws Refusal. */
export function selectedDrills(server: ControlServer, request: CertificationRequest): Drill[] {
  const { documents = [], drills = documents.length === 0 ? '*' : undefined, knownFailing = [] } = request
  const named = drills === undefined ? [] : idsOf(drills).map(id => readDrill(id, server))
  const selected = [...named, ...documents.map(document => checkDrill(document, server))]
  const ids = selected.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Refusal('invalid', `there are two drills "${twice}"`)
  checkKnownFailing(knownFailing, server, selected)
  return selected
}

function idsOf(patterns: string): string[] {
  const ids = drillIds()
  const chosen = patterns.split(',').flatMap(pattern => {
    const { matches } = compileRegularExpression(expressionOf(pattern.trim()), 'drills')
    const matching = ids.filter(matches)
    if (matching.length > 0) return matching
    throw new Refusal('invalid', `no drill matches "${pattern.trim()}"; the drills are ${ids.join(', ')}`)
  })
  return ids.filter(id => chosen.includes(id))
}

function expressionOf(glob: string): string {
  return glob
    .replace(/[^\w*?-]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
}

/** A misspelt id would hide nothing, and the failure would seem to be a new one. */
function checkKnownFailing(known: readonly string[], server: ControlServer, selected: readonly Drill[]): void {
  const drills = new Map(selected.map(drill => [drill.id, drill]))
  const ids = drillIds()
  for (const id of known) {
    const [drillId = ''] = id.split('/')
    const drill = drills.get(drillId) ?? (ids.includes(drillId) ? readDrill(drillId, server) : undefined)
    if (drill) drills.set(drillId, drill)
    const names = drill ? [drillId, `${drillId}/${CLIENT_ENDS}`, ...drill.requirements.map(each => each.id)] : []
    if (!names.includes(id)) {
      throw new Refusal('invalid', `knownFailing: "${id}" is the id of no drill and of no requirement`)
    }
  }
}
