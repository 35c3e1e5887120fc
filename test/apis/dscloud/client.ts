// What the tests of DS Cloud share: its demo data's names, servers with state of their own, and calls to it.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Test } from 'tap'
import { type Answer, boot, type Call, call } from '../../helpers.ts'

export const ACCOUNT = '23457145698959364'
export const KEY = `${ACCOUNT}-demo`
export const APP = '64d0c750212742ca8704fb458c9771af'
export const OWN_APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'
export const PREFIX = '/backups.dscloud.pt'

const [firstKey, secondKey] = ['85592d2b15ff867407964790224dcbb3a95ce82b', '803d975bd5726c1f5771221fc59ec0f97e45fa12']
export const FIRST = { name: 'Backup at 2024-12-07 22:07:11', key: firstKey, size: 81865653 }
export const SECOND = { name: 'Backup at 2024-12-07 22:28:26', key: secondKey, size: 46478659 }
export const THIRD = { name: 'Backup at 2024-12-07 22:48:16', key: firstKey, size: 81865653 }

interface Server {
  url: string
}

/** A folder for the length of the test. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'firedrill-dscloud-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  return path
}

/** A server whose DS Cloud holds this and nothing else. */
export function bootWith(
  t: Test,
  state: { plans?: object[]; accounts?: object[]; apps?: object[]; backups?: object[] },
) {
  const fixtures = join(folder(t), 'state.json')
  writeFileSync(fixtures, JSON.stringify({ dscloud: state }))
  return boot(t, { fixtures })
}

/** A server with these backups of the apps `a` and `b` of account `1`, whose API key is `k`. */
export function bootWithBackups(t: Test, backups: object[]) {
  const accounts = [{ apiKey: 'k', accountId: '1', plan: 'Silver' }]
  const apps = ['a', 'b'].map(id => ({ id, accountId: '1', name: id, deployedAt: '-1d' }))
  return bootWith(t, { accounts, apps, backups })
}

export function list(server: Server, app = APP, authorization = KEY, method = 'GET'): Promise<Answer> {
  const headers: Record<string, string> = authorization === '' ? {} : { authorization }
  return call(server, { method, path: `/v3/apps/${app}/backups`, headers })
}

/** The only successful backup of the demo data that Firedrill made itself. */
export async function ownBackup(server: Server): Promise<{ name: string; key: string; size: number }> {
  return (await list(server, OWN_APP)).json.response[0]
}

/** As documented: `/{accountID}_{name}.zip?{key}`, the name percent-encoded. */
export function pathOf({ name, key }: { name: string; key: string }, account = ACCOUNT): string {
  return `/${account}_${encodeURIComponent(name)}.zip?${key}`
}

/** By path prefix, held against the contract. */
export function fetchBackup(server: Server, path: string, what: Omit<Call, 'path'> = {}): Promise<Answer> {
  return call(server, { ...what, path: `${PREFIX}${path}` })
}

/** Streams a download to `sink`, as it need not fit in memory. */
export async function stream(
  { url }: Server,
  path: string,
  sink: Writable = nowhere(),
  headers: Record<string, string> = {},
) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${url}${PREFIX}${path}`, { headers }, resolve).on('error', reject),
  )
  const hash = createHash('sha1')
  let sizeBytes = 0
  response.on('data', chunk => {
    hash.update(chunk)
    sizeBytes += chunk.length
  })
  await pipeline(response, sink)
  return { status: response.statusCode, headers: response.headers, sizeBytes, sha1: hash.digest('hex') }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

export function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}

export function isError(t: Test, answer: Answer, status: number, code: string): void {
  t.same([answer.status, answer.json.status, answer.json.code], [status, 'error', code])
  t.same(Object.keys(answer.json), ['status', 'code', 'message'], 'the fields of an error, and no others')
  t.match(answer.json.message, /^[A-Z].*\.$/, 'a sentence')
}
