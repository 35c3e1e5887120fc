// The frame of the page: navigation, sandbox, clock, connection, and the view that the URL names.
import { useEffect } from 'preact/hooks'
import { Banner } from './components/frame/banner.tsx'
import { Navigation } from './components/frame/navigation.tsx'
import { NoSandbox } from './components/frame/no-sandbox.tsx'
import { ShortcutHelp, useHelp } from './components/frame/shortcut-help.tsx'
import { TokenDialog } from './components/frame/token-dialog.tsx'
import { TopBar } from './components/frame/top-bar.tsx'
import { Toasts } from './components/toasts.tsx'
import { Demo } from './demo/demo.tsx'
import { connection } from './state/events.ts'
import { useShortcuts } from './state/shortcuts.ts'
import { goTo, hrefOfView, sandboxName } from './state/url.ts'
import { shownView, views } from './views/index.ts'

export function App() {
  const { View, id, title } = shownView.value
  const help = useHelp()
  const sandbox = sandboxName.value
  useEffect(() => {
    document.title = `${title} · ${sandbox} · Firedrill`
  }, [title, sandbox])
  useShortcuts([
    ...views.map(view => ({
      key: `g ${view.key}`,
      title: `Show ${view.title.toLowerCase()}`,
      run: () => goTo(hrefOfView(view.id)),
    })),
    { key: '?', title: 'Show the shortcuts', run: help.open },
  ])
  const state = connection.value
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar onHelp={help.open} />
      <Navigation />
      <div class="content">
        <Banner />
        <main id="main" class={`view-${id}`} tabIndex={-1}>
          <h1 class="visually-hidden">{title}</h1>
          {state.state === 'refused' && state.status === 404 ? <NoSandbox name={sandbox} /> : <View key={sandbox} />}
        </main>
        <Demo />
      </div>
      <TokenDialog />
      {help.isOpen && <ShortcutHelp onClose={help.close} />}
      <Toasts />
    </div>
  )
}
