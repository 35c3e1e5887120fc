// Reads what sandboxes contain at first: the demo data, a scenario, or a file.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { apis } from './apis/index.ts'
import { type Config, OptionError } from './config.ts'
import { faultCheckFor } from './http/faults/validation.ts'
import { valuesOf } from './option.ts'
import { packageFile } from './package.ts'
import { asDocument, type Document } from './sandbox/documents.ts'
import type { HistoryLimits } from './sandbox/history/history.ts'
import { Journals } from './sandbox/journal/journals.ts'
import { ownValue } from './sandbox/own.ts'
import { Registry } from './sandbox/registry.ts'
import { StoreError } from './sandbox/store-error.ts'
import { FixtureError } from './sandbox/tables.ts'

/** A database with all tables and without rows. Only the build makes it, beside the file that contains this one. */
const EMPTY_IMAGE = new URL('tables.sqlite', import.meta.url)

/** The sandboxes of a server with these options. Throws OptionError for a document or a data file that cannot be used. */
export function openRegistry(config: Config): Registry {
  try {
    return new Registry({
      apiStates: apis,
      fixtures: firstDocument(config),
      scenarios: scenarios(),
      settings: {
        seed: config.seed,
        timing: { progression: config.jobProgression, speed: config.jobSpeed },
        apiOptions: Object.fromEntries(apis.map(({ name, options }) => [name, valuesOf(options, config)])),
        journals: new Journals({
          entries: config.journalEntries,
          bytes: config.journalBytes,
          totalBytes: config.journalTotalBytes,
          listeners: config.maxListeners,
        }),
        history: historyLimits(config),
        maxFaults: config.maxFaults,
        checkFault: faultCheckFor(apis, config),
      },
      readEmptyImage: () => (existsSync(EMPTY_IMAGE) ? readFileSync(EMPTY_IMAGE) : undefined),
      clock: config.clock ?? {},
      limits: {
        sandboxes: config.maxSandboxes,
        openFiles: config.maxOpenFiles,
        idleMs: config.sandboxTtl,
        snapshots: config.maxSnapshots,
      },
      createOnUse: !config.noAutoSandbox,
      ...(config.data === undefined ? {} : { dataDirectory: config.data }),
    })
  } catch (cause) {
    if (cause instanceof FixtureError) {
      const name = config.scenario === undefined ? 'fixtures' : 'scenario'
      throw new OptionError(`${config.label(name)} ${config[name]}: ${cause.message}`, { cause })
    }
    if (cause instanceof StoreError || isSystemError(cause)) {
      throw new OptionError(`${config.label('data')} ${config.data}: ${cause.message}`, { cause })
    }
    throw cause
  }
}

/** Undefined: no history is kept. Throws OptionError. */
function historyLimits({ history, historyBytes, journalEntries, label }: Config): HistoryLimits | undefined {
  if (history === 0) return undefined
  if (journalEntries > 0) return { requests: history, bytes: historyBytes }
  throw new OptionError(`${label('history')} needs a journal: ${label('journalEntries')} must not be 0`)
}

/** Only the data directory is written to. */
function isSystemError(cause: unknown): cause is Error {
  return cause instanceof Error && 'syscall' in cause
}

/** The demo data, with the APIs that a file or scenario contains replaced. */
function firstDocument({ fixtures, scenario, label }: Config): Document {
  if (fixtures !== undefined && scenario !== undefined) {
    throw new OptionError(`${label('fixtures')} and ${label('scenario')} exclude each other`)
  }
  if (scenario !== undefined) return namedScenario(scenario, label('scenario'))
  return fixtures === undefined ? demoDocument() : overDemo(readDocument(fixtures, label('fixtures')))
}

function demoDocument(): Document {
  return Object.fromEntries(apis.map(({ name, fixture }) => [name, fixture]))
}

function overDemo(document: Document): Document {
  return { ...demoDocument(), ...document }
}

function readDocument(path: string | URL, label: string): Document {
  try {
    return asDocument(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new OptionError(`${label} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

const SCENARIOS = 'fixtures/scenarios/'

/** By name; each is read when it is needed. */
function scenarios(): Record<string, () => Document> {
  const folder = packageFile(SCENARIOS)
  const files = existsSync(folder) ? readdirSync(folder) : []
  const named = files.map((file): [string, () => Document] => [
    file.replace(/\.json$/, ''),
    () => overDemo(readDocument(packageFile(SCENARIOS + file), 'scenario')),
  ])
  return Object.fromEntries(named)
}

function namedScenario(name: string, label: string): Document {
  const all = scenarios()
  const read = ownValue(all, name)
  if (!read) throw new OptionError(`${label} must be one of ${Object.keys(all).join(', ')}, not "${name}"`)
  return read()
}
