// Copies a text to the clipboard.
import { useSignal } from '@preact/signals'
import { withToast } from '../state/toasts.ts'
import { IconButton } from './button.tsx'

/** On pages without HTTPS that are not on this machine, browsers have no clipboard API, but still the older command. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  ;(document.querySelector('dialog:modal') ?? document.body).append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (!isCopied) throw new Error('The browser does not allow copying; select the text instead.')
}

/** Says how it ended. */
export function copyText(text: string, what = 'Copied'): Promise<boolean> {
  return withToast(() => copy(text), what)
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const isCopied = useSignal(false)
  const run = async () => {
    isCopied.value = await copyText(text)
    setTimeout(() => {
      isCopied.value = false
    }, 1500)
  }
  return <IconButton icon={isCopied.value ? 'check' : 'copy'} label={label} onClick={run} />
}
