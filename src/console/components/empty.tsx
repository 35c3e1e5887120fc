// What a view shows when it has nothing to show: what to do next.
import type { ComponentChildren } from 'preact'
import { inAddressedSandbox } from '../state/url.ts'
import { Code } from './code.tsx'
import { Icon, type IconName } from './icon.tsx'

interface EmptyProps {
  icon: IconName
  title: string
  children?: ComponentChildren
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <section class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A link to the guided demo, for those who have not sent anything yet. */
export function DemoLink() {
  return (
    <p>
      Or see the <a href={`${location.pathname}?demo`}>guided demo</a> of three minutes.
    </p>
  )
}

interface CurlProps {
  /** The path and query, as an API has it. */
  path: string
  /** Further arguments. */
  options?: readonly string[]
}

/** A curl command that works when it is pasted into a terminal, for the shown sandbox. */
export function Curl({ path, options = [] }: CurlProps) {
  const words = ['curl', ...options, `'${inAddressedSandbox(path)}'`]
  return <Code text={words.join(' ')} label="Command" isWrapped />
}
