// Checks a fault and its parameters, for rules that are armed, imported or read from a data file.
import type { TSchema } from '@sinclair/typebox'
import { Value, ValueErrorType } from '@sinclair/typebox/value'
import type { FaultCheck } from '../../sandbox/faults/checks.ts'
import { describeProblem } from '../problems.ts'
import type { AnyFaultKind, FaultedApi } from './kind.ts'
import { faultKinds } from './kinds/index.ts'

const kindsByName: ReadonlyMap<string, AnyFaultKind> = new Map(faultKinds.map(kind => [kind.name, kind]))

export function findFaultKind(name: string): AnyFaultKind | undefined {
  return kindsByName.get(name)
}

type CheckedApi = Pick<FaultedApi, 'name' | 'archives'> & { errorFormat: Pick<FaultedApi, 'catalogue'> }

/** The check for the faults of a server with these APIs. */
export function faultCheckFor(
  apis: readonly CheckedApi[],
  { allowUnsafeArchives }: { allowUnsafeArchives: boolean },
): FaultCheck {
  const faultedApis = new Map(
    apis.map(({ name, errorFormat: { catalogue }, archives }) => [
      name,
      { name, catalogue, ...(archives && { archives }) },
    ]),
  )
  return ({ fault, ...parameters }, api) => {
    const kind = findFaultKind(fault)
    if (!kind) return `unknown fault "${fault}"; known faults are ${[...kindsByName.keys()].join(', ')}`
    if (!kind.forms.some(form => Value.Check(form, parameters))) return parameterProblem(kind, parameters)
    if (kind.isUnsafe && !allowUnsafeArchives) {
      return `fault ${kind.name} is only armed on a server that was started with --allow-unsafe-archives`
    }
    return kind.check?.(parameters as never, faultedApis.get(api ?? ''))
  }
}

/** Of a kind with several forms, describes the problem with the form that has the fewest. */
function parameterProblem({ name, forms }: AnyFaultKind, parameters: object): string {
  const [errors = []] = forms.map(form => [...Value.Errors(form, parameters)]).sort((a, b) => a.length - b.length)
  const problems = errors
    .slice(0, 1)
    .map(error =>
      error.type === ValueErrorType.ObjectAdditionalProperties
        ? `unknown parameter "${error.path.slice(1)}"`
        : describeProblem(error, 'fault'),
    )
  return [...problems, `fault ${name} takes ${forms.map(parametersText).join('; or ')}`].join('; ')
}

function parametersText({ properties, required = [] }: AnyFaultKind['forms'][number]): string {
  const texts = Object.entries<TSchema>(properties).map(([name, schema]) => {
    if (schema.const !== undefined) return `${name} "${schema.const}"`
    return required.includes(name) ? name : `${name}?`
  })
  return texts.join(', ') || 'no parameters'
}
