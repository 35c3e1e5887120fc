// Reads the drills of the package from fixtures/drills, and refuses those that name unknown operations, errors or tables.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Value } from '@sinclair/typebox/value'
import { type CallPattern, Drill, type Requirement, type Rule, ruleForms } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { describeProblem } from '../../http/problems.ts'
import { packageFile } from '../../package.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { readPlan } from '../faults/plans.ts'
import { readSharedRule } from '../faults/rules.ts'
import { durationOf, instantOf } from '../instants.ts'
import type { ControlServer } from '../invoke.ts'
import { compilePattern } from '../journal/patterns.ts'
import { EVERY } from './calls.ts'

const FOLDER = 'fixtures/drills/'

/** In alphabetical order. */
export function drillIds(): string[] {
  const folder = packageFile(FOLDER)
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.map(file => file.replace(/\.json$/, '')).sort()
}

/** Throws Refusal when there is no drill with that id. */
export function readDrill(id: string, server: ControlServer): Drill {
  const ids = drillIds()
  if (!ids.includes(id)) throw new Refusal('missing', `There is no drill "${id}"; there are ${ids.join(', ')}`)
  const drill = checkDrill(JSON.parse(readFileSync(packageFile(`${FOLDER}${id}.json`), 'utf8')), server)
  if (drill.id !== id) throw new Refusal('invalid', `The drill of ${id}.json has the id "${drill.id}"`)
  return drill
}

/** Checks a drill as read from its file. Throws Refusal that says what is wrong with it. */
export function checkDrill(written: unknown, server: ControlServer): Drill {
  const drill = checkSchema(written)
  const { faults = [], jobRules = [], plan, timeLimit, advance, requirements } = drill
  const api = apiOf(drill, server)
  instantOf(drill.clock, Number.NaN)
  if (advance !== undefined) durationOf(advance)
  if (timeLimit !== undefined) checkTimeLimit(timeLimit)
  for (const fault of faults) readSharedRule(fault, server, 'drill')
  if (plan !== undefined) readPlan(plan, server)
  checkIds(drill)
  const own = [...server.operations.values()].filter(each => each.api === api.name)
  const operations = [...own.map(({ id }) => id), EVERY]
  const tables = api.tables.map(({ key }) => key)
  const rules = requirements.flatMap(({ rule }) => (rule.rule === 'if-success' ? rule.rules : [rule]))
  const patterns = rules.flatMap(patternsOf)
  for (const { operation } of [...jobRules, ...patterns]) refuseUnknown('operation', operation, operations, api)
  for (const { answer, request } of patterns) {
    if (typeof answer === 'string' && answer !== 'ok') {
      refuseUnknown('error', answer, Object.keys(api.errorFormat.catalogue.rows), api)
    }
    if (request !== undefined) compilePattern(request)
  }
  for (const rule of rules) {
    checkLimits(rule)
    if (rule.rule === 'rows') refuseUnknown('table', rule.table, tables, api)
    if (rule.rule === 'baseline' && plan === undefined) {
      throw new Refusal('invalid', 'rule baseline: the drill has no plan of faults')
    }
    if (rule.rule === 'fault-fired' && rule.fault > faults.length) {
      throw new Refusal('invalid', `rule fault-fired: there is no fault ${rule.fault}; the drill has ${faults.length}`)
    }
  }
  return drill
}

/** The requirement that every run of a certification has: the client ends by itself. */
export const CLIENT_ENDS = 'client-ends'

/** Rules that every run passes without a limit. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  calls: ['exactly', 'atLeast', 'atMost'],
  'back-off': ['minMs', 'maxMs', 'growing'],
  duration: ['minMs', 'maxMs'],
}

function checkLimits(rule: Rule): void {
  const limits = LIMITS[rule.rule]
  if (!limits || limits.some(limit => limit in rule)) return
  throw new Refusal('invalid', `rule ${rule.rule}: one of ${limits.join(', ')} is required`)
}

const MAX_TIME_LIMIT_MS = 24 * 60 * 60_000

/** A client that has no time at all cannot be judged. Throws Refusal. */
function checkTimeLimit(timeLimit: string): void {
  const ms = durationOf(timeLimit)
  if (ms >= 1 && ms <= MAX_TIME_LIMIT_MS) return
  throw new Refusal('invalid', `timeLimit must be from 1ms to 24h, not "${timeLimit}"`)
}

function checkIds({ id, requirements }: Drill): void {
  const ids = requirements.map(requirement => requirement.id)
  for (const [index, each] of ids.entries()) {
    if (!each.startsWith(`${id}/`)) throw new Refusal('invalid', `requirement "${each}" must start with "${id}/"`)
    if (each === `${id}/${CLIENT_ENDS}`) throw new Refusal('invalid', `requirement "${each}" is part of every drill`)
    if (ids.indexOf(each) !== index) throw new Refusal('invalid', `there are two requirements "${each}"`)
  }
}

function apiOf({ api }: Drill, { apis }: ControlServer): Api {
  const found = apis.find(({ name }) => name === api)
  if (found) return found
  throw new Refusal('invalid', `unknown API "${api}"; known APIs are ${apis.map(({ name }) => name).join(', ')}`)
}

function checkSchema(written: unknown): Drill {
  const requirements = (written as Partial<Drill> | null)?.requirements
  // For a union, validation reports only that nothing matches. The rule's name tells which schema to check.
  for (const requirement of Array.isArray(requirements) ? requirements : []) checkRule(requirement)
  const [problem] = Value.Errors(Drill, written)
  if (problem) throw new Refusal('invalid', describeProblem(problem, 'value'))
  return written as Drill
}

function checkRule(requirement: Partial<Requirement> | null): void {
  const rule: Partial<Rule> | null | undefined = requirement?.rule
  const form = ruleForms.find(({ properties }) => properties.rule.const === rule?.rule)
  const known = ruleForms.map(({ properties }) => properties.rule.const).join(', ')
  if (!form) throw new Refusal('invalid', `unknown rule "${rule?.rule}"; known rules are ${known}`)
  const [problem] = Value.Errors(form, rule)
  if (problem) throw new Refusal('invalid', `rule ${rule?.rule}: ${describeProblem(problem, 'value')}`)
}

function refuseUnknown(what: string, named: string | string[], known: readonly string[], { name }: Api): void {
  const unknown = [named].flat().find(each => !known.includes(each))
  if (unknown !== undefined) {
    throw new Refusal('invalid', `${name} has no ${what} "${unknown}"; it has ${known.join(', ')}`)
  }
}

/** The calls that a rule describes. */
function patternsOf(rule: Rule): CallPattern[] {
  switch (rule.rule) {
    case 'order':
      return rule.steps
    case 'no-call-after':
      return rule.operation === undefined ? [rule.after] : [rule.after, { operation: rule.operation }]
    case 'back-off':
    case 'jitter':
      return [{ operation: rule.operation, ...(rule.after === undefined ? {} : { answer: rule.after }) }]
    case 'calls':
    case 'last-answer':
    case 'duration':
    case 'job':
      return [rule]
    default:
      return []
  }
}
