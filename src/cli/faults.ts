// The commands about faults: arm them, list them and disarm them.
import type * as wire from '../../schemas/control.ts'
import * as rows from '../control/faults/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { FIELDS, fieldsOf } from './fields.ts'
import { OptionError } from './flags.ts'
import { remoteCommand, type Server } from './remote.ts'

export const faultCommands: Command[] = [
  remoteCommand({
    name: 'fault',
    operations: [rows.armFault, rows.armFaultProfile, rows.armFaultPlan, rows.disarmFault, rows.clearFaults],
    summary: 'Arm a fault, as in: firedrill fault operation=createBackup fault=delay ms=200 times=1',
    arguments: [{ name: FIELDS, isOptional: true, isRest: true }],
    flags: {
      profile: { value: 'NAME', help: 'arm everything in a profile' },
      plan: { value: 'NAME', help: 'arm a plan, whose stages start now' },
      disarm: { value: 'ID', help: 'disarm one fault' },
      clear: { value: undefined, help: 'disarm all faults, and remove the job rules of profiles' },
    },
    run: fault,
  }),
  remoteCommand({
    name: 'faults',
    operations: [rows.listFaults, rows.faultCatalogue],
    summary: 'List the armed faults, and how often each has fired',
    flags: {
      catalogue: { value: undefined, help: 'list the fault kinds, the profiles and the plans instead' },
    },
    run: async (server, { given }) =>
      given.catalogue === true
        ? catalogueText(await server.invoke(rows.faultCatalogue))
        : faultsText(await server.invoke(rows.listFaults)),
  }),
]

async function fault(server: Server, { words, given }: Call): Promise<string> {
  const [profile, plan, disarm] = [textOf(given, 'profile'), textOf(given, 'plan'), textOf(given, 'disarm')]
  const ways = [
    words.length > 0,
    profile !== undefined,
    plan !== undefined,
    disarm !== undefined,
    given.clear === true,
  ].filter(Boolean)
  if (ways.length !== 1)
    throw new OptionError('fault takes exactly one of RULE, --profile, --plan, --disarm and --clear')
  if (given.clear === true) {
    await server.invoke(rows.clearFaults)
    return 'All faults disarmed'
  }
  if (disarm !== undefined) {
    await server.invoke(rows.disarmFault, { path: { id: disarm } })
    return `Disarmed fault ${disarm}`
  }
  if (plan !== undefined) {
    const { stages } = await server.invoke(rows.armFaultPlan, { body: { name: plan } })
    return columns(stages.map(({ from, faults }) => [from, faults.map(each => each.fault).join(', ') || 'no faults']))
  }
  if (profile === undefined) return faultsText([await server.invoke(rows.armFault, { body: fieldsOf(words, 'RULE') })])
  const armed = await server.invoke(rows.armFaultProfile, { path: { name: profile } })
  const rules = armed.jobRules.map(({ operation }) => `Job rule for the jobs of ${operation}`)
  return [...(armed.faults.length === 0 ? [] : [faultsText(armed.faults)]), ...rules].join('\n')
}

function faultsText(faults: (wire.Fault & Record<string, unknown>)[]): string {
  if (faults.length === 0) return 'No faults are armed'
  return columns(
    faults.map(({ id, api, operation, matched: _matched, hits, completed, fault: kind, sequence, ...parameters }) => [
      id,
      api === undefined ? operation : `${api}:${operation}`,
      kind ?? sequence?.map(step => step.fault).join(', '),
      `${hits} hit${hits === 1 ? '' : 's'}${completed ? ', used up' : ''}`,
      Object.entries(parameters)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ]),
  )
}

function catalogueText({ faults, profiles, plans }: wire.FaultCatalogue): string {
  const kinds = faults.map(({ fault: kind, parameters, required, description, provokes }) => {
    const names = Object.keys(parameters).map(parameter =>
      required.includes(parameter) ? parameter : `[${parameter}]`,
    )
    return `${[`fault=${kind}`, ...names].join(' ')}\n  ${description}\n  Client bug that it provokes: ${provokes}`
  })
  const ready = [
    ...profiles.map(({ name, description }) => `--profile ${name}\n  ${description}`),
    ...plans.map(({ name, description }) => `--plan ${name}\n  ${description}`),
  ]
  return [...kinds, ...ready].join('\n')
}
