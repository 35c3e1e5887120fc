// Schedules of faults and time for the search: how they are drawn, as part of a drill, and in words.
import * as fc from 'fast-check'
import rows from '../../fixtures/incidents.json' with { type: 'json' }
import type { Drill } from '../../schemas/drills.ts'

type Place = 'request' | 'download' | 'outage'

/** Something that happens in production. None of them writes anything, here or at the client. */
interface Incident {
  id: string
  /** What happens to a request, after "is". */
  words: string
  /** Only for this API. */
  api?: string
  fault: { fault: string; [parameter: string]: unknown }
  /** How often it is drawn, for a single request, for a download and for a while. */
  weight: Record<Place, number>
  reason: string
}

const INCIDENTS: readonly Incident[] = rows
/** A request that nothing happens to. */
const NONE = 'none'
const NONE_WEIGHT = 15

export interface Schedule {
  /** What happens to the first requests of an operation, in order. */
  sequences: { operation: string; incidents: string[] }[]
  /** What happens to every request for a while. */
  outage: { incident: string; from: string; lasts: string } | null
  /** Jobs take ten times as long. */
  hasSlowJobs: boolean
}

/** What a schedule can be about: what the client does without faults. */
export interface Target {
  drill: Drill
  /** The operations that the client calls. */
  operations: readonly string[]
  /** The one of them that sends a file. */
  download: string | undefined
}

/** In the order in which they are tried when a schedule is made smaller. */
const STARTS = ['0s', '10s', '1m']
const LENGTHS = ['1m', '10m', '3h']
const SLOW = 0.1

/** Fast-check makes a schedule that breaks a client smaller: it leaves out sequences and incidents, and shortens outages. */
export function schedules({ drill, operations, download }: Target): fc.Arbitrary<Schedule> {
  const sequence = fc.oneof(
    ...operations.map(operation => ({
      // A file is what the task is about.
      weight: operation === download ? 3 : 1,
      arbitrary: fc.record({
        operation: fc.constant(operation),
        incidents: fc.array(incidentFor(operation === download ? 'download' : 'request', drill.api), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    })),
  )
  const outage = fc.record({
    incident: incidentFor('outage', drill.api),
    from: fc.constantFrom(...STARTS),
    lasts: fc.constantFrom(...LENGTHS),
  })
  return fc.record({
    sequences: fc.uniqueArray(sequence, { maxLength: 2, selector: ({ operation }) => operation }),
    outage: fc.option(outage, { freq: 3 }),
    hasSlowJobs: drill.jobRules === undefined ? fc.constant(false) : fc.boolean(),
  })
}

function incidentFor(place: Place, api: string): fc.Arbitrary<string> {
  const incidents = INCIDENTS.filter(incident => incident.api === undefined || incident.api === api)
  const weighted = incidents.map(({ id, weight }) => ({ weight: weight[place], arbitrary: fc.constant(id) }))
  const none = place === 'outage' ? [] : [{ weight: NONE_WEIGHT, arbitrary: fc.constant(NONE) }]
  return fc.oneof({ withCrossShrink: true }, ...none, ...weighted.filter(({ weight }) => weight > 0))
}

/** How many things happen. */
export function stepsOf({ sequences, outage, hasSlowJobs }: Schedule): number {
  const incidents = sequences.flatMap(each => each.incidents).filter(id => id !== NONE)
  return incidents.length + (outage ? 1 : 0) + (hasSlowJobs ? 1 : 0)
}

/** What is added to a drill without faults. */
export function faultsOf(schedule: Schedule, { jobRules, api }: Drill): Pick<Drill, 'faults' | 'plan' | 'jobRules'> {
  const { sequences, outage, hasSlowJobs } = schedule
  const faults = sequences.flatMap(({ operation, incidents }) => {
    const steps = incidents.slice(0, incidents.findLastIndex(id => id !== NONE) + 1)
    return steps.length === 0
      ? []
      : [{ api, operation, sequence: steps.map(id => incidentOf(id)?.fault ?? { fault: NONE }) }]
  })
  return {
    ...(faults.length === 0 ? {} : { faults }),
    ...(outage ? { plan: { name: 'outage', stages: stagesOf(outage, api) } } : {}),
    ...(jobRules === undefined
      ? {}
      : { jobRules: jobRules.map(rule => (hasSlowJobs ? { ...rule, speed: (rule.speed ?? 1) * SLOW } : rule)) }),
  }
}

function stagesOf({ incident, from, lasts }: NonNullable<Schedule['outage']>, api: string) {
  const fault = incidentOf(incident)?.fault
  const before = from === '0s' ? [] : [{ from: '0s' }]
  // The first instant after it: 10s and 10m are 10m10s.
  const until = from === '0s' ? lasts : `${lasts}${from}`
  return [...before, { from, faults: fault ? [{ api, operation: '*', ...fault }] : [] }, { from: until }]
}

/** One sentence for each thing that happens. */
export function wordsOf({ sequences, outage, hasSlowJobs }: Schedule): string[] {
  const requests = sequences.flatMap(({ operation, incidents }) =>
    incidents.flatMap((id, index) =>
      id === NONE ? [] : [`Request ${index + 1} of ${operation} is ${incidentOf(id)?.words}.`],
    ),
  )
  const meanwhile = outage
    ? [`From ${outage.from} on, for ${outage.lasts}, every request is ${incidentOf(outage.incident)?.words}.`]
    : []
  return [...requests, ...meanwhile, ...(hasSlowJobs ? ['Jobs take ten times as long.'] : [])]
}

function incidentOf(id: string): Incident | undefined {
  return INCIDENTS.find(incident => incident.id === id)
}
