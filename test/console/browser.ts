// Shared by the tests of pages: Chromium, and pages that must not fail, load anything from elsewhere or break accessibility rules.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
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

/**
 * Opens a page of the server in a window of its own, without storage. The test fails if the page throws, logs an error, breaks its
 * Content-Security-Policy, or loads anything from another server.
 */
export async function open(
  t: Test,
  browser: Browser,
  { url }: Pick<Firedrill, 'url'>,
  path = '/',
  options: BrowserContextOptions & { allowedErrors?: RegExp } = {},
): Promise<Page> {
  const { allowedErrors, ...contextOptions } = options
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...contextOptions,
  })
  t.teardown(() => context.close())
  const page = await context.newPage()
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
  await page.goto(new URL(path, url).href)
  return page
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
}

/** The accessibility rules that the page breaks now, one text for each element; `only`: of these rules. */
export async function accessibilityProblems(page: Page, only?: readonly string[]): Promise<string[]> {
  // Without a script element, which the Content-Security-Policy would refuse.
  await page.evaluate(`if (!window.axe) { ${AXE} }`)
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
