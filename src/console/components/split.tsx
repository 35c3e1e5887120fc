// A list beside the details of what is selected in it. On a phone, the details take the place of the list.
import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

interface SplitProps {
  /** What the list contains, for screen readers. */
  label: string
  list: ComponentChildren
  /** Undefined if nothing is selected. */
  details: ComponentChildren | undefined
  /** Shows the list without details. */
  backHref: string
  /** Shown beside the list while nothing is selected. */
  placeholder: ComponentChildren
}

export function Split({ label, list, details, backHref, placeholder }: SplitProps) {
  return (
    <div class={`split ${details === undefined ? '' : 'has-details'}`}>
      <section class="split-list" aria-label={label}>
        {list}
      </section>
      {/* Can be scrolled with the keyboard. */}
      <section class="split-details" aria-label="Details" tabIndex={0}>
        {details === undefined ? (
          <div class="split-placeholder">{placeholder}</div>
        ) : (
          <>
            <Link class="split-back" href={backHref}>
              <Icon name="back" />
              {label}
            </Link>
            {details}
          </>
        )}
      </section>
    </div>
  )
}

interface ChoiceProps {
  href: string
  isSelected: boolean
  title: ComponentChildren
  text: string
}

/** A line of the list. */
export function Choice({ href, isSelected, title, text }: ChoiceProps) {
  return (
    <li>
      <Link class="split-choice" href={href} aria-current={isSelected ? 'page' : undefined}>
        <strong>{title}</strong>
        <span>{text}</span>
      </Link>
    </li>
  )
}
