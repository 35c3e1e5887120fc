// Starts the browser of the tests and of the screenshots.
import { type Browser, chromium } from 'playwright-core'

/** Chromium without a window: its start and its pages take half of the time that the complete browser needs. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--disable-gpu'] })
}
