// Shows at each operation where each of its behaviours comes from.
import type { Element, OfOperation, Plugin, System } from './swagger-ui.ts'

interface Provenance {
  behaviour: string
  mark: string
  source?: string
}

const MEANINGS: Readonly<Record<string, string>> = {
  documented: 'documented by the vendor',
  'client-code': "read in a real client's code",
  upstream: 'taken from the upstream product',
  inferred: 'assumed: no document states it',
}

/** Adds the list before the parameters. */
export function showProvenance(): Plugin {
  return {
    wrapComponents: {
      parameters(original, system) {
        const { createElement } = system.React
        return props => {
          const rows = provenanceOf(system, props)
          return createElement('div', null, ...listOf(rows, createElement), createElement(original, props))
        }
      },
    },
  }
}

function provenanceOf({ specSelectors }: System, { pathMethod: [path, method] }: OfOperation): Provenance[] {
  return (specSelectors.specJson().getIn(['paths', path, method, 'x-provenance'])?.toJS() ?? []) as Provenance[]
}

function listOf(rows: readonly Provenance[], createElement: System['React']['createElement']): Element[] {
  if (rows.length === 0) return []
  const items = rows.map(({ behaviour, mark, source }) =>
    createElement(
      'li',
      null,
      createElement('span', { className: `mark mark-${mark}`, title: MEANINGS[mark] }, mark),
      createElement('span', { className: 'behaviour' }, ...withCode(behaviour, createElement)),
      ...(source === undefined ? [] : [createElement('span', { className: 'source' }, `Source: ${source}`)]),
    ),
  )
  return [
    createElement(
      'details',
      { className: 'provenance', open: true },
      createElement('summary', null, `Where this comes from: ${countsOf(rows)}`),
      createElement('ul', null, ...items),
    ),
  ]
}

/** What is between backticks is code. */
function withCode(text: string, createElement: System['React']['createElement']): (Element | string)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? createElement('code', null, part) : part))
}

/** `3 documented, 1 inferred`. */
function countsOf(rows: readonly Provenance[]): string {
  const counts = Object.keys(MEANINGS).map(mark => ({ mark, count: rows.filter(row => row.mark === mark).length }))
  return counts.flatMap(({ mark, count }) => (count === 0 ? [] : [`${count} ${mark}`])).join(', ')
}
