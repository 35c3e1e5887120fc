// The steps of the guided demo: what each says, and the requests that it sends to the APIs of its sandbox.
import type { Fault } from '../../../schemas/control.ts'
import { change } from '../state/sandbox.ts'
import { type Changes, inAddressedSandbox } from '../state/url.ts'

/** What to show after a step. */
type Shown = Readonly<{ view: string }> & Changes

export interface Step {
  title: string
  text: string
  /** What the button says. */
  action: string
  /** Does what the button says, and returns what the next step is about. */
  run(): Promise<Shown>
}

const AUTHORIZATION = 'Bearer demo-token'
const BACKUPS = '/v1/instances/10000000-0000-4000-8000-000000000001/backups'

/** Sends a request as a client does, and shows it. */
async function send(method: 'GET' | 'POST', path: string): Promise<Shown> {
  const response = await fetch(inAddressedSandbox(path), {
    method,
    headers: { authorization: AUTHORIZATION },
    cache: 'no-store',
  })
  // Its journal entry is complete when the response is.
  await response.arrayBuffer()
  return { view: 'requests', entry: response.headers.get('x-firedrill-request-id') ?? undefined }
}

export const steps: readonly Step[] = [
  {
    title: 'Create a backup',
    text: 'The demo has a sandbox of its own, with its own data, clock and faults. Its clock is frozen. First, ask the a9s API for a backup, as a client does.',
    action: 'POST the backup',
    run: () => send('POST', BACKUPS),
  },
  {
    title: 'The job is queued',
    text: 'Here is the request with its response: 201, and the job is queued. Each step that the server took is listed, and the request can be copied as a curl command. Is the backup done?',
    action: 'GET the backups',
    run: () => send('GET', BACKUPS),
  },
  {
    title: 'Not yet: no time has passed',
    text: 'The first backup in the list is queued. In production a client would wait. Here you move the time.',
    action: 'Advance to the end of the job',
    run: async () => {
      await change('/clock/run-until-idle', { method: 'POST', body: {} })
      return { view: 'timeline' }
    },
  },
  {
    title: 'Time has passed',
    text: 'The timeline shows the job from its start to its end, your requests, and the present. Drag the handle of the present, or press a key, to move further. Ask again.',
    action: 'GET the backups again',
    run: () => send('GET', BACKUPS),
  },
  {
    title: 'The backup is done',
    text: 'The same request, another answer: status done, with a size. Nothing has run in the background: the state follows from the time. Next, make something go wrong.',
    action: 'Arm a fault',
    run: async () => {
      const fault = { operation: 'listInstanceBackups', fault: 'proxy-error', status: 502, times: 1 }
      await change<Fault>('/faults', { method: 'POST', body: fault })
      return { view: 'faults', tab: 'armed' }
    },
  },
  {
    title: 'A fault is armed',
    text: 'The next request for the backups gets the error page of a proxy, once. The catalogue has more: slow and broken connections, damaged archives, wrong ranges.',
    action: 'GET the backups',
    run: () => send('GET', BACKUPS),
  },
  {
    title: 'The client gets a 502',
    text: 'HTML instead of JSON, as a proxy in front of the API sends it. The request is marked with the fault. A good client tries again.',
    action: 'Try again',
    run: async () => {
      await send('GET', BACKUPS)
      return { view: 'faults', tab: 'armed' }
    },
  },
  {
    title: 'That worked, and here is the proof',
    text: 'The fault was applied to one request and is used up; the second request succeeded. Drills do this for you: they break the API in a certain way and judge what your client does.',
    action: 'Finish and show the drills',
    run: async () => ({ view: 'drills' }),
  },
]
