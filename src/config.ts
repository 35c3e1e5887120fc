// The table of options: name, default, flag, environment variable and help. Options are parsed and validated here only.
import { apiOptions } from './apis/options.ts'
import { type Flag, flagLines, type Given, OptionError, parseFlags } from './cli/flags.ts'
import { CONFIG_FILE, configSchema, readConfigFile } from './config-file.ts'
import {
  duration,
  durationUpTo,
  factor,
  flag,
  httpOrigin,
  nonEmpty,
  type Option,
  type OptionInput,
  type OptionValues,
  oneOf,
  option,
  parseClock,
  progression,
  repeatable,
  webOrigin,
  webOrigins,
  wholeNumber,
} from './option.ts'
import { type Environment, isServiceLink, PREFIX, refuseMisspelt } from './variables.ts'

export { OptionError } from './cli/flags.ts'
export type { Environment } from './variables.ts'

/** Node cannot set timers for more than 24 days: they would fire at once. */
const MAX_TIMEOUT = { text: '1h', ms: 3_600_000 }

const table = {
  port: option('N', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), '8420'),
  host: option('ADDRESS', 'address to listen on', nonEmpty, '127.0.0.1'),
  tls: option(
    undefined,
    'serve HTTPS, with certificates of an authority made at start for 30 days; see --tls-ca',
    flag,
    'false',
  ),
  tlsCa: option('FILE', "where the authority's certificate is written, for clients to trust", nonEmpty),
  tlsCert: option('FILE', 'serve HTTPS with your own certificate (PEM, with its chain); needs --tls-key', nonEmpty),
  tlsKey: option('FILE', 'the private key of --tls-cert (PEM)', nonEmpty),
  httpPort: option('N', 'with HTTPS: port that serves plain HTTP as well; 0 takes a free one', wholeNumber(0, 65_535)),
  publicUrl: option('URL', 'start of the URLs in responses, in place of scheme and host of the request', httpOrigin),
  data: option('DIR', 'keep one SQLite file per sandbox here; in memory without it', nonEmpty),
  fixtures: option(
    'FILE',
    'JSON document with the initial state of sandboxes; the demo data for APIs that it leaves out',
    nonEmpty,
  ),
  scenario: option('NAME', 'ready-made initial state, instead of the demo data', nonEmpty),
  seed: option(
    'TEXT',
    'seed of all random values: the same seed, requests and times give the same bytes',
    nonEmpty,
    'firedrill',
  ),
  clock: option('MODE', 'real, frozen, frozen:INSTANT, scaled:FACTOR or scaled:FACTOR:INSTANT', parseClock),
  jobSpeed: option('FACTOR', 'divides the durations of jobs', factor, '1'),
  jobProgression: option('HOW', 'what makes jobs progress: time, immediate, polls:N or manual', progression, 'time'),
  ...apiOptions,
  maxSandboxes: option(
    'N',
    'maximum number of sandboxes; with --data of those in memory, and any number in files',
    wholeNumber(1, 1_000_000),
    '5000',
  ),
  maxOpenFiles: option(
    'N',
    'with --data: maximum number of sandboxes whose files are open, with two file descriptors each',
    wholeNumber(1, 1_000_000),
    '400',
  ),
  sandboxTtl: option('DURATION', 'how long a sandbox stays open without being used; its file is kept', duration, '1h'),
  drainDelay: option(
    'DURATION',
    'how long the server goes on when it is to stop, with readyz failing, so that a load balancer takes it out',
    durationUpTo(MAX_TIMEOUT, { allowsZero: true }),
    '0s',
  ),
  shutdownTimeout: option(
    'DURATION',
    'how long running responses may take to finish when the server stops; then all connections are closed',
    durationUpTo(MAX_TIMEOUT, { allowsZero: true }),
    '5s',
  ),
  requestTimeout: option(
    'DURATION',
    'how long a request may take to arrive, with its body',
    durationUpTo(MAX_TIMEOUT),
    '60s',
  ),
  journalEntries: option(
    'N',
    'requests kept in the journal of each sandbox; 0 keeps none',
    wholeNumber(0, 1_000_000),
    '1000',
  ),
  journalBytes: option('BYTES', 'memory for the journal of each sandbox', wholeNumber(0, 1_073_741_824), '8388608'),
  journalTotalBytes: option(
    'BYTES',
    'memory for the journals of all sandboxes together; the oldest requests are removed first',
    wholeNumber(0, 68_719_476_736),
    '268435456',
  ),
  history: option(
    'N',
    'latest requests over which each sandbox can be rewound, into a new sandbox; 0 keeps no history',
    wholeNumber(0, 1_000_000),
    '0',
  ),
  historyBytes: option('BYTES', 'memory for the history of each sandbox', wholeNumber(1, 68_719_476_736), '16777216'),
  maxListeners: option('N', 'maximum number of live listeners to requests', wholeNumber(1, 1_000_000), '100'),
  maxSnapshots: option('N', 'maximum number of snapshots of all sandboxes together', wholeNumber(1, 1_000_000), '100'),
  maxFaults: option(
    'N',
    'maximum number of faults of a sandbox, including those that are used up',
    wholeNumber(1, 1_000_000),
    '10000',
  ),
  allowUnsafeArchives: option(
    undefined,
    'allow the fault entry-names: archives with an entry that leaves the folder into which they are extracted',
    flag,
    'false',
  ),
  adminToken: option(
    'TOKEN',
    'token for /__admin; generated and printed when --host is not a loopback address',
    nonEmpty,
  ),
  adminOrigin: option('ORIGIN', 'web origin whose pages may use /__admin', webOrigin),
  cors: repeatable(
    option(
      'ORIGIN',
      'web origin whose pages may use the APIs (not /__admin), or * for all; can be given several times',
      webOrigins,
    ),
  ),
  log: {
    ...option(
      '[FORMAT]',
      'print one line for each request to standard error, as text or json [text]',
      oneOf(['text', 'json']),
    ),
    optionalValues: ['text', 'json'],
  },
  preferQuery: option(undefined, 'treat ?__prefer=code%3D409 as the header Prefer: code=409', flag, 'false'),
  noDebugHeaders: option(
    undefined,
    'leave X-Firedrill-Request-Id and X-Firedrill-Hint out of the responses of the APIs',
    flag,
    'false',
  ),
  noAutoSandbox: option(
    undefined,
    'answer 404 for a sandbox that does not exist, instead of creating it',
    flag,
    'false',
  ),
}

export type OptionName = keyof typeof table
export type Config = OptionValues<typeof table> & {
  /** The name that an option was given by: `--port`, `FIREDRILL_PORT` or `port`. */
  label(name: OptionName): string
}

/** Options as programs give them. */
export type Options = { [Name in OptionName]?: OptionInput<(typeof table)[Name]> | undefined }

/** Command line first, then environment, then configuration file, then defaults. `switches` are the flags without a value. Throws OptionError. */
export function configFromCommandLine(
  argv: readonly string[],
  env: Environment = environment(),
): { config: Config; switches: Record<SwitchName, boolean> } {
  const { given } = parseFlags(argv, { ...optionFlags, ...switchFlags })
  const switches = Object.fromEntries(switchNames.map(name => [name, given[name] === true]))
  return { config: configFromFlags(given, env), switches: switches as Record<SwitchName, boolean> }
}

/** From values of `optionFlags`; `defaults` take precedence over those of the table. Throws OptionError. */
export function configFromFlags(given: Given, env: Environment, defaults: Options = {}): Config {
  refuseMisspeltVariables(env)
  const fromEnvironment = (name: string) => (isServiceLink(name, env[name]) ? undefined : env[name])
  const file =
    given.config === undefined
      ? { path: env[CONFIG_VARIABLE], label: CONFIG_VARIABLE }
      : { path: String(given.config), label: '--config' }
  const inFile = readConfigFile(file.path, file.label, table)
  const texts = names.map(name => {
    const text = given[flagOf(name)] ?? fromEnvironment(envOf(name)) ?? inFile?.texts[name] ?? defaults[name]
    return [name, text === undefined ? undefined : String(text)] as const
  })
  const label = (name: OptionName) => {
    if (given[flagOf(name)] !== undefined) return `--${flagOf(name)}`
    if (fromEnvironment(envOf(name)) !== undefined) return envOf(name)
    return inFile?.texts[name] === undefined ? `--${flagOf(name)}` : `${inFile.path}: ${name}`
  }
  return parseAll(Object.fromEntries(texts), label)
}

/** Throws OptionError for an environment variable that is probably a misspelt option. */
export function refuseMisspeltVariables(env: Environment): void {
  refuseMisspelt(env, variables)
}

/** The environment of the process. */
export function environment(): Environment {
  return process.env
}

/** Throws OptionError. */
export function configFromOptions(options: Options): Config {
  const unknown = Object.keys(options).find(name => !Object.hasOwn(table, name))
  if (unknown !== undefined) throw new OptionError(`unknown option "${unknown}"; the options are ${names.join(', ')}`)
  const texts = Object.entries(options).map(([name, value]) => [name, value === undefined ? undefined : String(value)])
  return parseAll(Object.fromEntries(texts), name => name)
}

const names = Object.keys(table) as OptionName[]

/** Variables of commands to a running server, besides FIREDRILL_ADMIN_TOKEN, which is also an option of the server. */
export const commandVariables = { url: `${PREFIX}URL`, sandbox: `${PREFIX}SANDBOX` }

const CONFIG_VARIABLE = `${PREFIX}CONFIG`

const variables = [...names.map(envOf), CONFIG_VARIABLE, ...Object.values(commandVariables)]

/** Not an option of programs: they give their options to start(). */
const configFlag: Flag = {
  value: 'FILE',
  help: `JSON file with options, named as in start(); ${CONFIG_FILE} in the current folder without it, if it exists`,
  env: CONFIG_VARIABLE,
}

export const optionFlags: Readonly<Record<string, Flag>> = {
  ...Object.fromEntries(
    names.map(name => {
      const { value, help, default: initial, repeatable, optionalValues } = table[name] as Option<unknown>
      const suffix = initial === undefined || value === undefined ? '' : ` [${initial}]`
      const more = { ...(repeatable ? { repeatable } : {}), ...(optionalValues ? { optionalValues } : {}) }
      return [flagOf(name), { value, help: `${help}${suffix}`, env: envOf(name), ...more }]
    }),
  ),
  config: configFlag,
}

/** The JSON Schema of configuration files. */
export function configFileSchema(): object {
  return configSchema(table)
}

export const switchFlags = {
  json: { value: undefined, help: 'print one JSON line when ready, instead of the overview' },
  openapi: { value: undefined, help: 'print the OpenAPI document of what is served and stop' },
  help: { value: undefined, help: 'print this and stop', short: 'h' },
  version: { value: undefined, help: 'print the version and stop', short: 'v' },
} as const
export type SwitchName = keyof typeof switchFlags
const switchNames = Object.keys(switchFlags) as SwitchName[]

/** The URL of a server with default options. */
export const DEFAULT_URL = `http://${table.host.default}:${table.port.default}`

export function helpText(): string {
  return ['Usage: firedrill [options]', '', ...flagLines({ ...optionFlags, ...switchFlags })].join('\n')
}

function parseAll(texts: Record<string, string | boolean | undefined>, label: (name: OptionName) => string): Config {
  const entries = names.map(name => {
    const { default: initial, parse } = table[name] as Option<unknown>
    const text = texts[name] ?? initial
    if (text === undefined) return [name, undefined]
    try {
      return [name, parse(String(text))]
    } catch (cause) {
      throw new OptionError(`${label(name)} must be ${(cause as Error).message}, not "${text}"`, { cause })
    }
  })
  return { ...Object.fromEntries(entries), label }
}

function flagOf(name: OptionName): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

function envOf(name: OptionName): string {
  return `${PREFIX}${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}
