// Requests to the Disaster Recovery Files API that several test files share.
import { call } from '../../helpers.ts'

export const FILES = '/backend/api/v1/disasterRecoveryFiles'
export const SEVEN_ZIP = 'application/x-7z-compressed'
export const KEY = { authorization: 'Bearer YOUR_API_KEY' }

export const download = (server: { url: string }, id: string, headers: Record<string, string> = {}, method = 'GET') =>
  call(server, { method, path: `${FILES}/${id}`, headers: { ...KEY, accept: SEVEN_ZIP, ...headers } })
export const details = async (server: { url: string }, id: string) =>
  (await call(server, { path: `${FILES}/${id}`, headers: KEY })).json

/** The id of the newest file whose name starts with `start`. */
export async function idOf(server: { url: string }, start: string): Promise<string> {
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  return json.findLast(({ filename }: { filename: string }) => filename.startsWith(start)).id
}
