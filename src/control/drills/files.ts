// Reads the drills of the package from fixtures/drills, and refuses those that name unknown operations, errors or tables.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Value } from '@sinclair/typebox/value'
import { type CallPattern, Drill, type Goal, goalForms } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { describeProblem } from '../../http/problems.ts'
import { packageFile } from '../../package.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { readRule } from '../faults/rules.ts'
import { instantOf } from '../instants.ts'
import type { ControlServer } from '../invoke.ts'

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
  const { faults = [], jobRules = [], goal } = drill
  const api = apiOf(drill, server)
  instantOf(drill.clock, Number.NaN)
  for (const fault of faults) readRule(fault, server)
  const operations = [...server.operations.values()].filter(each => each.api === api.name).map(({ id }) => id)
  const tables = api.tables.map(({ key }) => key)
  const patterns = goal.flatMap(patternsOf)
  for (const { operation } of [...jobRules, ...patterns]) refuseUnknown('operation', operation, operations, api)
  for (const { answer } of patterns) {
    if (typeof answer === 'string' && answer !== 'ok') {
      refuseUnknown('error', answer, Object.keys(api.errorFormat.catalogue.rows), api)
    }
  }
  for (const each of goal) {
    if (each.rule === 'rows') refuseUnknown('table', each.table, tables, api)
    if (each.rule === 'fault-fired' && each.fault > faults.length) {
      throw new Refusal('invalid', `rule fault-fired: there is no fault ${each.fault}; the drill has ${faults.length}`)
    }
  }
  return drill
}

function apiOf({ api }: Drill, { apis }: ControlServer): Api {
  const found = apis.find(({ name }) => name === api)
  if (found) return found
  throw new Refusal('invalid', `unknown API "${api}"; known APIs are ${apis.map(({ name }) => name).join(', ')}`)
}

function checkSchema(written: unknown): Drill {
  const goals = (written as Partial<Drill> | null)?.goal
  // For a union, validation reports only that nothing matches. The rule's name tells which schema to check.
  for (const goal of Array.isArray(goals) ? goals : []) checkGoal(goal)
  const [problem] = Value.Errors(Drill, written)
  if (problem) throw new Refusal('invalid', describeProblem(problem, 'value'))
  return written as Drill
}

function checkGoal(goal: Partial<Goal> | null): void {
  const form = goalForms.find(({ properties }) => properties.rule.const === goal?.rule)
  const known = goalForms.map(({ properties }) => properties.rule.const).join(', ')
  if (!form) throw new Refusal('invalid', `unknown rule "${goal?.rule}"; known rules are ${known}`)
  const [problem] = Value.Errors(form, goal)
  if (problem) throw new Refusal('invalid', `rule ${goal?.rule}: ${describeProblem(problem, 'value')}`)
}

function refuseUnknown(what: string, named: string | string[], known: readonly string[], { name }: Api): void {
  const unknown = [named].flat().find(each => !known.includes(each))
  if (unknown !== undefined) {
    throw new Refusal('invalid', `${name} has no ${what} "${unknown}"; it has ${known.join(', ')}`)
  }
}

/** The calls that a rule describes. */
function patternsOf(goal: Goal): CallPattern[] {
  switch (goal.rule) {
    case 'order':
      return goal.steps
    case 'no-call-after':
      return goal.operation === undefined ? [goal.after] : [goal.after, { operation: goal.operation }]
    case 'back-off':
      return [{ operation: goal.operation, ...(goal.after === undefined ? {} : { answer: goal.after }) }]
    case 'calls':
    case 'last-answer':
    case 'duration':
    case 'job':
      return [goal]
    default:
      return []
  }
}
