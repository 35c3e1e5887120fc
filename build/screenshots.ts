// Makes the screenshots of the console that the documentation shows: a real server, real requests, Chromium.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { type Firedrill, start } from '../src/index.ts'
import { launchChromium } from './chromium.ts'

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url))
const START = '2026-06-10T12:00:00Z'
const WINDOW = { width: 1280, height: 760 }
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const AUTHORIZATION = 'Bearer demo-token'
const DRILL = 'retry-502'
const RUN = `drill-${DRILL}-1`

interface Shot {
  name: string
  path: string
  colorScheme: 'light' | 'dark'
  /** A text that appears when everything is there. */
  text: string
}

const duringOutage: readonly Shot[] = [
  { name: 'faults-dark', path: '/?view=faults&tab=armed', colorScheme: 'dark', text: 'stage 2 of 3' },
]

const afterOutage: readonly Shot[] = [
  { name: 'timeline-light', path: '/?view=timeline', colorScheme: 'light', text: 'Now' },
  { name: 'timeline-dark', path: '/?view=timeline', colorScheme: 'dark', text: 'Now' },
  { name: 'requests-light', path: '/?view=requests', colorScheme: 'light', text: 'prepareDisasterRecovery' },
  {
    name: 'drills-light',
    path: `/?view=drills&sandbox=${RUN}&drill=${DRILL}&outcome=success`,
    colorScheme: 'light',
    text: '5 of 5 requirements passed.',
  },
]

async function request(server: Firedrill, method: 'GET' | 'POST', path: string): Promise<void> {
  const response = await fetch(`${server.url}${path}`, { method, headers: { authorization: AUTHORIZATION } })
  await response.arrayBuffer()
}

/** A quarter of an hour of work with backups, on a day of the demo data. */
async function work(server: Firedrill): Promise<void> {
  const { clock, faults } = server.default
  await request(server, 'GET', INSTANCE)
  await request(server, 'POST', `${INSTANCE}/backups`)
  for (let poll = 0; poll < 4; poll++) {
    clock.advance({ by: '8s' })
    await request(server, 'GET', `${INSTANCE}/backups`)
  }
  faults.armPlan({ name: 'outage-of-ten-minutes' })
  faults.arm({ operation: 'listInstanceBackups', fault: 'delay', ms: 1, times: 5 })
  faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'cut', where: 'last-byte', match: { range: 'initial' } })
  await request(server, 'GET', `${INSTANCE}/backups`)
  clock.advance({ by: '3m' })
  for (let attempt = 0; attempt < 3; attempt++) {
    await request(server, 'POST', `${INSTANCE}/disaster-recovery/prepare`)
    clock.advance({ by: '45s' })
  }
  clock.advance({ by: '4m' })
  await request(server, 'GET', '/v1/instances/unknown')
}

/** After the outage: one job is running. */
async function workOn(server: Firedrill): Promise<void> {
  const { clock } = server.default
  clock.advance({ by: '4m' })
  await request(server, 'POST', `${INSTANCE}/disaster-recovery/prepare`)
  await request(server, 'GET', '/v1/instances/unknown')
  await request(server, 'POST', `${INSTANCE}/backups`)
  clock.advance({ by: '20s' })
  await request(server, 'GET', `${INSTANCE}/backups`)
}

/** A client that does what the drill asks for. */
async function passDrill(server: Firedrill): Promise<void> {
  const { sandbox } = server.drills.start(DRILL)
  await request(server, 'POST', `/@${sandbox}${INSTANCE}/disaster-recovery/prepare`)
  server.sandbox(sandbox).clock.advance({ by: '1s' })
  await request(server, 'POST', `/@${sandbox}${INSTANCE}/disaster-recovery/prepare`)
}

async function take(browser: Browser, server: Firedrill, { name, path, colorScheme, text }: Shot, folder: string) {
  const context = await browser.newContext({ viewport: WINDOW, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(new URL(path, server.url).href)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText(text).first().waitFor()
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide' })
  await context.close()
}

const folder = process.argv[2] ?? FOLDER
mkdirSync(folder, { recursive: true })
const server = await start({ port: 0, clock: `frozen:${START}` })
const browser = await launchChromium()
try {
  await work(server)
  await passDrill(server)
  for (const shot of duringOutage) await take(browser, server, shot, folder)
  await workOn(server)
  for (const shot of afterOutage) await take(browser, server, shot, folder)
} finally {
  await browser.close()
  await server.close()
}
