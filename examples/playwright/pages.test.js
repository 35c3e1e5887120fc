// Tests scripts that operate the web pages of two APIs in a browser. Each test has its own sandbox, and moves its clock.
import { expect, test } from './sandbox.js'

async function signIn(page, path, { username, password }) {
  await page.goto(path)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button').click()
}

const PRIMARY = { username: 'primary', password: 'primary.pass1' }

test('the files are listed after the sign-in', async ({ page }) => {
  await signIn(page, 'billing-platform/', PRIMARY)
  await expect(page.getByRole('row').filter({ hasText: 'database-backup' }).first()).toBeVisible()
})

test('a session that has expired asks for the sign-in again', async ({ page, sandbox }) => {
  await signIn(page, 'billing-platform/', PRIMARY)
  await expect(page.getByRole('table')).toBeVisible()
  await sandbox.control('clock/advance', { by: '30d' })
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('an administrator sees the jobs', async ({ page }) => {
  await signIn(page, 'arcgis/admin/login', { username: 'siteadmin', password: 'siteadmin.pass1' })
  await page.getByRole('link', { name: 'jobs' }).first().click()
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible()
})
