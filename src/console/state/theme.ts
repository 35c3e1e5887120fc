// The theme: as the operating system says, or as chosen on the page. The browser keeps the choice.
import { effect, signal } from '@preact/signals'

const KEY = 'firedrill-theme'
const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY)
  return THEMES.find(theme => theme === stored) ?? 'system'
}

export const theme = signal<Theme>(storedTheme())

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? 'system'
}

/** Shows the theme. */
export function startTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme.value
    localStorage.setItem(KEY, theme.value)
  })
}
