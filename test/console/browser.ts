// Shared by the tests of pages: Chromium, and pages that must not fail, load anything from elsewhere or break accessibility rules.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page, ViewportSize } from 'playwright-core'
import type { Test } from 'tap'
import { launchChromium } from '../../build/chromium.ts'
import type { Firedrill } from '../../src/index.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A phone. */
export const PHONE = { width: 375, height: 720 }

/** One browser per test file; it is closed after the last test. */
export async function launch(t: Test): Promise<Browser> {
  const browser = await launchChromium()
  t.teardown(() => browser.close())
  return browser
}

const EMPTY = 'about:blank'

/** The window of an earlier test, which is warm, or a new one. */
async function emptyWindow(browser: Browser): Promise<Page> {
  const pages = browser.contexts().flatMap(context => context.pages())
  return pages.find(page => page.url() === EMPTY) ?? (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
}

interface OpenOptions {
  viewport?: ViewportSize
  permissions?: string[]
  /** Errors that the page may log. */
  allowedErrors?: RegExp
}

/**
 * Opens a page of the server in a window that no other page uses, without storage: each server has an origin of its own. The test
 * fails if the page throws, logs an error, breaks its Content-Security-Policy, or loads anything from another server.
 */
export async function open(
  t: Test,
  browser: Browser,
  { url }: Pick<Firedrill, 'url'>,
  path = '/',
  { viewport = { width: 1280, height: 800 }, permissions = [], allowedErrors }: OpenOptions = {},
): Promise<Page> {
  const page = await emptyWindow(browser)
  const context = page.context()
  t.teardown(async () => {
    await page.goto(EMPTY)
    page.removeAllListeners()
    await Promise.all([context.clearCookies(), context.clearPermissions()])
  })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', error => t.fail('the page threw', { error }))
  page.on('console', message => {
    if (message.type() === 'error' && !allowedErrors?.test(message.text())) t.fail(`the page logged: ${message.text()}`)
  })
  page.on('request', request => {
    if (!request.url().startsWith(url) && !/^(?:blob|data):/.test(request.url())) {
      t.fail(`the page asked another server: ${request.url()}`)
    }
  })
  page.on('dialog', dialog => {
    t.fail(`the page ran a script that opened a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await Promise.all([
    page.setViewportSize(viewport),
    page.emulateMedia({ colorScheme: 'light' }),
    context.grantPermissions(permissions),
  ])
  await page.goto(new URL(path, url).href)
  return page
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
}

/** The accessibility rules that the page breaks now, one text for each element; `only`: of these rules. */
export async function accessibilityProblems(page: Page, only?: readonly string[]): Promise<string[]> {
  // Without a script element, which the Content-Security-Policy would refuse.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const options = { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) }
  const { violations } = await page.evaluate<AxeResult>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html} ${failureSummary}`),
  )
}

/** Fails for each accessibility rule that the page breaks, in the light and in the dark theme, which differ in colours only. */
export async function checkAccessibility(t: Test, page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  t.same(await accessibilityProblems(page), [], `${name}, light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  t.same(await accessibilityProblems(page, ['color-contrast']), [], `${name}, dark`)
}

/** By how many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
