// A block of code or of a command, with a button that copies it.
import { CopyButton } from './copy.tsx'

interface CodeProps {
  text: string
  /** What it is, for screen readers. */
  label: string
  /** Copied instead of the shown text. */
  copied?: string
  /** Breaks long lines instead of scrolling. */
  isWrapped?: boolean
}

export function Code({ text, label, copied = text, isWrapped = false }: CodeProps) {
  return (
    <figure class={`code ${isWrapped ? 'wrapped' : ''}`} aria-label={label}>
      {/* Can be scrolled with the keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={copied} label={`Copy ${label.toLowerCase()}`} />
    </figure>
  )
}
