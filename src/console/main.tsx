// The console: starts what the views use, and shows the page.
import { render } from 'preact'
import { App } from './app.tsx'
import { startEvents } from './state/events.ts'
import { startJournal } from './state/journal.ts'
import { startRefresh } from './state/sandbox.ts'
import { startShortcuts } from './state/shortcuts.ts'
import { startTheme } from './state/theme.ts'

const root = document.getElementById('app')
if (root) {
  startTheme()
  startShortcuts()
  startJournal()
  startEvents()
  startRefresh()
  render(<App />, root)
}
