// The commands about armed misbehaviour: armed, listed, disarmed.
import type * as wire from '../../schemas/control.ts'
import { OptionError } from './flags.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { FIELDS, fieldsOf } from './fields.ts'
import { type Server, sandboxCommand } from './remote.ts'

export const faultCommands: Command[] = [
  sandboxCommand({
    name: 'fault',
    summary: 'Arm a fault, as in: firedrill fault operation=createBackup fault=delay ms=200 times=1',
    arguments: [{ name: FIELDS, isOptional: true, isRest: true }],
    flags: {
      profile: { value: 'NAME', help: 'arm a ready-made set of faults instead' },
      disarm: { value: 'ID', help: 'disarm one instead' },
      clear: { value: undefined, help: 'disarm all instead, and end what profiles armed' },
    },
    run: fault,
  }),
  sandboxCommand({
    name: 'faults',
    summary: 'List the armed faults, and how often each has fired',
    flags: {
      catalogue: { value: undefined, help: 'list the kinds of faults and the profiles that there are instead' },
    },
    run: async (server, { given }) =>
      given.catalogue === true
        ? catalogueText(await server.ask('GET', '/faults/catalogue'))
        : faultsText(await server.ask('GET', '/faults')),
  }),
]

async function fault(server: Server, { words, given }: Call): Promise<string> {
  const [profile, disarm] = [textOf(given, 'profile'), textOf(given, 'disarm')]
  const ways = [words.length > 0, profile !== undefined, disarm !== undefined, given.clear === true].filter(Boolean)
  if (ways.length !== 1) throw new OptionError('fault takes one of RULE, --profile, --disarm and --clear')
  if (given.clear === true) {
    await server.ask('DELETE', '/faults')
    return 'no faults are armed any more'
  }
  if (disarm !== undefined) {
    await server.ask('DELETE', `/faults/${encodeURIComponent(disarm)}`)
    return `disarmed ${disarm}`
  }
  if (profile === undefined) return faultsText([await server.ask('POST', '/faults', fieldsOf(words, 'RULE'))])
  const armed = await server.ask<wire.ArmedProfile>('POST', `/faults/profiles/${encodeURIComponent(profile)}`)
  const rules = armed.jobRules.map(({ operation }) => `a job rule applies to the jobs of ${operation}`)
  return [...(armed.faults.length === 0 ? [] : [faultsText(armed.faults)]), ...rules].join('\n')
}

function faultsText(faults: (wire.Fault & Record<string, unknown>)[]): string {
  if (faults.length === 0) return 'no faults are armed'
  return columns(
    faults.map(({ id, api, operation, matched: _matched, hits, completed, fault: kind, sequence, ...knobs }) => [
      id,
      api === undefined ? operation : `${api}:${operation}`,
      kind ?? sequence?.map(step => step.fault).join(', '),
      `${hits} hit${hits === 1 ? '' : 's'}${completed ? ', used up' : ''}`,
      Object.entries(knobs)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ]),
  )
}

function catalogueText({ faults, profiles }: wire.FaultCatalogue): string {
  const kinds = faults.map(({ fault: kind, knobs, required, description }) => {
    const names = Object.keys(knobs).map(knob => (required.includes(knob) ? knob : `[${knob}]`))
    return [`fault=${kind}`, names.join(' '), description]
  })
  const ready = profiles.map(({ name, description }) => [`--profile ${name}`, description])
  return `${columns(kinds)}\n\n${columns(ready)}`
}
