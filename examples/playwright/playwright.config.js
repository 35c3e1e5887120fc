// Starts one server for all tests, on a free port, and stops it after them.
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** A Chromium of the system, if there is one; else Playwright uses that of `npx playwright install chromium`. */
const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(path => existsSync(path))

export default defineConfig({
  reporter: 'list',
  fullyParallel: true,
  use: { launchOptions: executablePath === undefined ? {} : { executablePath } },
  webServer: {
    command: 'npx firedrill --port 0 --json',
    // The tests get the URL as the environment variable FIREDRILL_URL.
    wait: { stdout: /"url":"(?<firedrill_url>[^"]+)"/ },
  },
})
