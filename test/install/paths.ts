// The ways to install and start Firedrill that docs/guides/install.md describes.

export interface InstallPath {
  name: string
  /** Commands in the empty folder of a new project. */
  install: readonly string[]
  /** Starts the server; its options follow. */
  start: string
  /** It does not pass SIGTERM on, so the signal goes to the server itself. */
  keepsSignals?: boolean
  /** The server does not start, and this is how the only line begins that says why. */
  refusal?: string
}

/** The package managers, as packages of npm. */
export const MANAGERS = {
  '@yarnpkg/cli-dist': '4.18.1',
  bun: '1.4.5',
  deno: '2.9.6',
  // The one that Node.js 22 comes with.
  npm: '10.9.3',
  pnpm: '12.21.0',
}

export const PATHS: readonly InstallPath[] = [
  { name: 'npx', install: [], start: 'npx --yes firedrill', keepsSignals: true },
  { name: 'npm', install: ['npm install --save-dev firedrill'], start: 'node_modules/.bin/firedrill' },
  {
    name: 'npm-offline-copy',
    install: ['npm install --prefix connected firedrill', 'mv connected/node_modules node_modules'],
    start: 'node node_modules/firedrill/dist/cli.js',
  },
  { name: 'pnpm', install: ['pnpm add --save-dev firedrill'], start: 'pnpm exec firedrill' },
  { name: 'yarn-pnp', install: ['yarn add --dev firedrill'], start: 'yarn firedrill' },
  { name: 'bun', install: ['bun add --dev firedrill'], start: 'bunx firedrill' },
  { name: 'bun-runtime', install: ['bun add --dev firedrill'], start: 'bunx --bun firedrill' },
  { name: 'deno', install: ['deno add --dev npm:firedrill'], start: 'node_modules/.bin/firedrill' },
  {
    name: 'deno-runtime',
    install: [],
    start: 'deno run --allow-all npm:firedrill',
    refusal: 'firedrill: needs Node.js 22.18 or newer, this is Deno ',
  },
]
