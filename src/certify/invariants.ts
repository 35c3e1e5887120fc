// The drills that the search runs: the task of a drill, judged by what is true of every correct client whatever happens.
import type { Drill, Requirement, Rule, RuleOf } from '../../schemas/drills.ts'

/** What the client did without faults, which limits what it may do with them. */
export interface Usage {
  calls: number
  /** The jobs that it submitted. */
  jobs: number
}

export interface Limits {
  maxCalls: number
  maxJobs: number
}

const MIN_MAX_CALLS = 50
/** A client may need more calls when requests fail and jobs take longer, but not any number of them. */
const CALLS_FACTOR = 10

export function limitsFor({ calls, jobs }: Usage): Limits {
  return { maxCalls: Math.max(MIN_MAX_CALLS, calls * CALLS_FACTOR), maxJobs: jobs }
}

/** The task without its own faults and requirements; without limits, as it is run first. */
export function invariantDrill(drill: Drill, limits?: Limits): Drill {
  const { faults: _faults, plan: _plan, requirements: _requirements, task, ...kept } = drill
  const limit = limits ? ` Use at most ${limits.maxCalls} requests in all.` : ''
  return {
    ...kept,
    title: `${drill.title}: whatever happens`,
    task: `${task}${limit}`,
    teaches: 'What the client says about its task is not true, it does something twice, or it sends too many requests.',
    requirements: [claim(drill), ...(limits ? limitsOf(drill, limits) : [])],
  }
}

function claim(drill: Drill): Requirement {
  const text =
    'Claim success only if the task is done; that is in the state, and the saved bytes are those of the file.'
  return requirement(drill, 'claim-is-true', text, 'What a client says is what its user relies on.', claimRule(drill))
}

/** What a correct client claims when nothing unforeseen happens. */
export function expectedClaim({ requirements }: Drill): 'success' | 'failure' {
  const outcomes = requirements.flatMap(({ rule }) => (rule.rule === 'outcome' ? [rule.outcome] : []))
  return outcomes.at(-1) ?? 'success'
}

function claimRule(drill: Drill): Rule {
  if (expectedClaim(drill) === 'failure') return { rule: 'outcome', outcome: 'failure' }
  const rules = drill.requirements.filter(({ kind }) => kind === 'required').map(({ rule }) => rule)
  const ofState = rules.filter(isAboutState)
  return { rule: 'if-success', rules: ofState.length > 0 ? ofState : rules.filter(isLastAnswer) }
}

type StateRule = RuleOf<'job'> | RuleOf<'rows'> | RuleOf<'file'> | RuleOf<'reported'>

function isAboutState(rule: Rule): rule is StateRule {
  return ['job', 'rows', 'file', 'reported'].includes(rule.rule)
}

function isLastAnswer(rule: Rule): rule is RuleOf<'last-answer'> {
  return rule.rule === 'last-answer'
}

function limitsOf(drill: Drill, { maxCalls, maxJobs }: Limits): Requirement[] {
  return [
    requirement(
      drill,
      'nothing-twice',
      `Submit at most ${maxJobs} ${maxJobs === 1 ? 'job' : 'jobs'}, as many as without faults.`,
      'RFC 9110 section 9.2.2: a request that is not idempotent is not repeated without knowing that it was not applied',
      { rule: 'jobs', atMost: maxJobs },
    ),
    requirement(
      drill,
      'few-calls',
      `Use at most ${maxCalls} requests.`,
      'A service that recovers is overloaded by clients that repeat their requests without end.',
      { rule: 'calls', operation: '*', atMost: maxCalls },
    ),
  ]
}

function requirement({ id }: Drill, name: string, text: string, source: string, rule: Rule): Requirement {
  return {
    id: `${id}/${name}`,
    version: 1,
    kind: 'required',
    text,
    provenance: { kind: source.startsWith('RFC') ? 'rfc' : 'inferred', source },
    rule,
  }
}
