// The download clients that are tried: their commands and versions.
import { fileURLToPath } from 'node:url'

export interface Download {
  url: string
  path: string
  /** As "NAME: VALUE". */
  headers: readonly string[]
}

export interface Client {
  title: string
  /** As it is shown, without URL, file and headers. */
  options: string
  version: readonly string[]
  command(download: Download): readonly string[]
}

const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const UNDICI = 'import("undici/package.json", { with: { type: "json" } }).then(it => console.log(it.default.version))'

export const clients: readonly Client[] = [
  toolOf('curl', ['-C', '-', '-fsSL', '--speed-limit', '1', '--speed-time', '5'], '-H', '-o'),
  toolOf('wget', ['-c', '-nv', '--tries=5', '--waitretry=1', '--timeout=5'], '--header', '-O'),
  {
    title: 'aria2c',
    options: 'aria2c -c --max-tries=5 --retry-wait=1 --timeout=5 --allow-overwrite=false',
    version: ['aria2c', '--version'],
    command: ({ url, path, headers }) => [
      ...'aria2c -c --max-tries=5 --retry-wait=1 --timeout=5 --allow-overwrite=false --no-conf -q'.split(' '),
      ...headers.flatMap(header => ['--header', header]),
      ...['-d', '/', '-o', path.slice(1), url],
    ],
  },
  {
    title: 'undici RetryAgent',
    options:
      'new RetryAgent(agent, { minTimeout: 50, maxTimeout: 200, errorCodes }) with bodyTimeout 2000, UND_ERR_BODY_TIMEOUT among the codes, and the redirect interceptor',
    version: [process.execPath, '--eval', UNDICI],
    command: ({ url, path, headers }) => [process.execPath, beside('retry-agent.ts'), url, path, ...headers],
  },
  {
    title: 'Python urllib',
    options: 'urllib.request.urlretrieve with a socket timeout of 2 s',
    version: ['python3', '--version'],
    command: ({ url, path, headers }) => ['python3', beside('urlretrieve.py'), url, path, ...headers],
  },
]

function toolOf(name: string, options: readonly string[], headerOption: string, fileOption: string): Client {
  return {
    title: name,
    options: [name, ...options].join(' '),
    version: [name, '--version'],
    command: ({ url, path, headers }) => [
      name,
      ...options,
      ...headers.flatMap(header => [headerOption, header]),
      fileOption,
      path,
      url,
    ],
  }
}
