// What sandboxes hold at first: the demo data, or what a file says instead.
import { readFileSync } from 'node:fs'
import { apis } from './apis/index.ts'
import { type Config, OptionError } from './config.ts'
import { type Fixtures, Registry } from './sandbox/registry.ts'
import { FixtureError } from './sandbox/tables.ts'

/** The sandboxes of a server with these options. Throws OptionError for a fixture file that cannot be used. */
export function openRegistry(config: Config): Registry {
  try {
    return new Registry({
      tenants: apis,
      fixtures: readFixtures(config.fixtures),
      settings: {
        seed: config.seed,
        pace: { progression: config.jobProgression, speed: config.jobSpeed },
        archivePassword: config.archivePassword,
        a9sPrepareStatus: config.a9sPrepareStatus,
        a9sPerformStatus: config.a9sPerformStatus,
      },
      clock: config.clock ?? {},
      ...(config.data === undefined ? {} : { dataDirectory: config.data }),
    })
  } catch (cause) {
    if (cause instanceof FixtureError) throw new OptionError(`fixtures ${config.fixtures}: ${cause.message}`, { cause })
    throw cause
  }
}

/** The demo data, with the APIs that the file names replaced by what it says of them. */
function readFixtures(path: string | undefined): Fixtures {
  const demo: Fixtures = Object.fromEntries(apis.map(({ name, fixture }) => [name, fixture as Fixtures[string]]))
  if (path === undefined) return demo
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new OptionError(`fixtures ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(`fixtures ${path}: it must hold an object with an API's name for each key`)
  }
  const unknown = Object.keys(given).find(key => !(key in demo))
  if (unknown !== undefined) {
    throw new OptionError(`fixtures ${path}: there is no API "${unknown}"; there are ${Object.keys(demo).join(', ')}`)
  }
  return { ...demo, ...given }
}
