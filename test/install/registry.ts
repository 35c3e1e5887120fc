// A package registry on a loopback port that has the packed Firedrill, and passes all other requests on to npm's registry.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'

/** Package managers refuse versions that are younger than a day. */
const PUBLISHED = '2026-01-01T00:00:00.000Z'

interface Reply {
  status: number
  type: string
  body: Buffer
}

export interface Registry {
  url: string
  close(): void
}

export async function startRegistry(tarball: string, upstream: string): Promise<Registry> {
  const bytes = readFileSync(tarball)
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))
  const path = `/firedrill/-/${basename(tarball)}`
  /** Every package manager has an empty cache, but each package is downloaded only once. */
  const replies = new Map<string, Promise<Reply>>()

  const server = createServer(async ({ url: requested = '/', headers }, response) => {
    if (requested === '/firedrill') return send(response, json(packument(manifest, bytes, url + path)))
    if (requested === path) return send(response, { status: 200, type: 'application/octet-stream', body: bytes })
    const accept = headers.accept ?? '*/*'
    const key = `${accept} ${requested}`
    const reply = replies.get(key) ?? ask(new URL(`.${requested}`, upstream), accept)
    replies.set(key, reply)
    try {
      send(response, await reply)
    } catch (error) {
      send(response, { status: 502, type: 'text/plain', body: Buffer.from(String(error)) })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What a registry says about a package with one version. */
function packument(manifest: { version: string }, bytes: Buffer, tarball: string) {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes)
  const dist = {
    tarball,
    shasum: digest('sha1').digest('hex'),
    integrity: `sha512-${digest('sha512').digest('base64')}`,
  }
  return {
    name: 'firedrill',
    'dist-tags': { latest: manifest.version },
    time: { created: PUBLISHED, modified: PUBLISHED, [manifest.version]: PUBLISHED },
    versions: { [manifest.version]: { ...manifest, dist } },
  }
}

async function ask(url: URL, accept: string): Promise<Reply> {
  const response = await fetch(url, { headers: { accept } })
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) }
}

const json = (value: unknown): Reply => ({
  status: 200,
  type: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
})

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body)
}
