// All views of the console in a browser: by keyboard only, and on a phone.
import t from 'tap'
import { boot } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const VIEWS = [
  { key: 't', title: 'Timeline' },
  { key: 'r', title: 'Requests' },
  { key: 'f', title: 'Faults' },
  { key: 'd', title: 'Data' },
  { key: 'l', title: 'Drills' },
  { key: 's', title: 'Sandboxes' },
]

t.test('in a browser', async t => {
  const browser = await launch(t)
  const server = await boot(t)

  await t.test('each view is reached and left with the keyboard only', async t => {
    const page = await open(t, browser, server, '/')
    await page.getByText('Live', { exact: true }).waitFor()
    const links = page.getByRole('navigation').first().getByRole('link')
    t.same(
      await links.allTextContents(),
      VIEWS.map(({ title }) => title),
    )
    const blur = () => page.evaluate('document.activeElement.blur()')
    for (const { key, title } of VIEWS) {
      // Shortcuts are off in a field.
      await blur()
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.locator('h1', { hasText: title }).waitFor({ state: 'attached' })
      await page.locator('main .loading').waitFor({ state: 'detached' })
      t.match(await page.title(), new RegExp(`^${title} · default`))
      await page.getByRole('link', { name: 'Skip to the content' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('main:focus').waitFor()
      await page.keyboard.press('Tab')
      await page.locator('main :focus').waitFor()
    }
    await blur()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Show drills').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  await t.test('no view is wider than a phone, or breaks an accessibility rule on it', async t => {
    const page = await open(t, browser, server, '/', { viewport: PHONE })
    for (const { title } of VIEWS) {
      await page.getByRole('link', { name: title, exact: true }).click()
      await page.locator('h1', { hasText: title }).waitFor({ state: 'attached' })
      await page.locator('main .loading').waitFor({ state: 'detached' })
      t.equal(await overflowOf(page), 0, title)
      await checkAccessibility(t, page, title)
    }
  })
})
