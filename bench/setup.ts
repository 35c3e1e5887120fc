// Signs in to a server, and exports Firedrill's data for the baseline.
import type { Data } from './bare/data.ts'
import {
  type Credentials,
  FILES_PAGE,
  FINISH_RESTORE,
  GENERATE_TOKEN,
  GET_ITEM,
  LIST_BACKUPS,
  LIST_FILES,
  LIST_STORES,
  LIST_TASKS,
  type Operation,
  RESTORE_BACKUP,
  type Request,
  SIGN_IN,
} from './operations.ts'

/** Throws for any status but success and redirection. */
async function send(url: string, { path, method = 'GET', headers = {}, body }: Request): Promise<Response> {
  const init = { method, headers, redirect: 'manual', ...(body !== undefined && { body }) } as const
  const response = await fetch(url + path, init)
  if (response.status >= 400) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return response
}

async function json<Body>(url: string, request: Request): Promise<Body> {
  return (await send(url, request)).json() as Promise<Body>
}

async function token(url: string): Promise<string> {
  return (await json<{ token: string }>(url, GENERATE_TOKEN)).token
}

/** Sends a request of the load once, and returns the size of the response's body. */
async function bodySize(url: string, request: Request): Promise<number> {
  const { body, ...rest } = request
  const response = await send(url, body === undefined ? rest : { ...rest, body: body.replaceAll('{n}', '0') })
  return (await response.arrayBuffer()).byteLength
}

/** Whether a server knows these requests: an earlier release may not have the operation. */
export async function isSuccess(url: string, requests: readonly Request[]): Promise<boolean> {
  try {
    for (const request of requests) await bodySize(url, request)
    return true
  } catch {
    return false
  }
}

/** Random and counted parts of responses differ a little in length. */
const SIZE_TOLERANCE = 0.05

/** Throws when the response of an operation differs in size: then the servers do not do the same work. */
export async function requireSameSizes(one: Signed, other: Signed): Promise<void> {
  for (const [index, { name, requests }] of one.operations.entries()) {
    for (const [turn, request] of requests.entries()) {
      const size = await bodySize(one.url, request)
      const otherSize = await bodySize(other.url, other.operations[index]?.requests[turn] ?? request)
      if (Math.abs(size - otherSize) > size * SIZE_TOLERANCE) {
        throw new Error(`${name}: the responses have ${size} and ${otherSize} bytes`)
      }
    }
  }
}

/** A server, and the operations with its own credentials. */
interface Signed {
  url: string
  operations: readonly Operation[]
}

/** Signs in to Firedrill and adds what the demo data lacks. */
export async function prepare(url: string): Promise<Credentials> {
  await send(url, RESTORE_BACKUP)
  // Else its state would change while it is measured.
  await send(url, FINISH_RESTORE)
  const signedIn = await send(url, SIGN_IN)
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
  return { cookie, ...(await arcgisCredentials(url)) }
}

/** Signs in to the baseline, which has the sessions of Firedrill. */
export async function signIn(url: string, { cookie }: Credentials): Promise<Credentials> {
  return { cookie, ...(await arcgisCredentials(url)) }
}

async function arcgisCredentials(url: string): Promise<Pick<Credentials, 'token' | 'jobId'>> {
  const issued = await token(url)
  const { jobs } = await json<{ jobs: string[] }>(url, { path: `/arcgis/admin/jobs?f=json&token=${issued}` })
  return { token: issued, jobId: jobs[0] ?? '' }
}

export async function exportData(url: string, { cookie, token }: Credentials): Promise<Data> {
  const arcgis = <Body>(path: string) => json<Body>(url, { path: `${path}?f=json&token=${token}` })
  const page = async (request: Request) => styleOf(await (await send(url, request)).text())
  return {
    state: await json(url, { path: '/__admin/state' }),
    answers: {
      files: await json(url, LIST_FILES),
      stores: (await arcgis<{ backupStores: { name: string }[] }>(LIST_STORES)).backupStores,
      backups: (await arcgis<{ backups: { backupName: string }[] }>(LIST_BACKUPS)).backups,
      tasks: (await arcgis<{ result: { id: string }[] }>(LIST_TASKS)).result,
      items: [await arcgis(GET_ITEM)],
    },
    styles: {
      files: await page({ path: FILES_PAGE, headers: { cookie } }),
      stores: await page({ path: `${LIST_STORES}?f=html&token=${token}` }),
    },
  }
}

function styleOf(page: string): string {
  return /<style>(.*)<\/style>/s.exec(page)?.[1] ?? ''
}
