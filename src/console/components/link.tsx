// A link within the console, which changes the view without loading the page again.
import type { ComponentChildren } from 'preact'
import { goTo } from '../state/url.ts'

interface LinkProps {
  href: string
  children: ComponentChildren
  class?: string
  title?: string
  'aria-label'?: string
  'aria-current'?: 'page' | undefined
}

export function Link({ href, children, ...rest }: LinkProps) {
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    goTo(href)
  }
  return (
    <a {...rest} href={href} onClick={open}>
      {children}
    </a>
  )
}
