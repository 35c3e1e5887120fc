// A sandbox with a frozen clock for each test, whose pages are what `page.goto` opens.
import { test as base } from '@playwright/test'

const server = process.env.FIREDRILL_URL
const headers = { 'content-type': 'application/json' }

export const test = base.extend({
  sandbox: async ({ request }, use, { testId }) => {
    const url = `${server}/__admin/sandboxes`
    const name = testId.slice(0, 60)
    const post = async (path, data) => {
      const answer = await request.post(url + path, { headers, data })
      if (!answer.ok()) throw new Error(await answer.text())
    }
    await post('', { name, clock: 'frozen' })
    await use({ name, control: (path, data) => post(`/${name}/${path}`, data) })
    await request.delete(`${url}/${name}`)
  },
  baseURL: async ({ sandbox }, use) => use(`${server}/@${sandbox.name}/`),
})

export { expect } from '@playwright/test'
