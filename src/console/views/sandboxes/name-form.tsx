// A form with the name of something new, and what else it needs.
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { NAME_PATTERN } from './names.ts'

interface NameFormProps {
  label: string
  /** The name that is filled in at first. */
  proposed: string
  /** What the button says. */
  action: string
  isDisabled?: boolean
  /** Resolves to whether it succeeded. */
  onSubmit(name: string): Promise<boolean>
  /** Further fields, above the name. */
  children?: ComponentChildren
}

export function NameForm({ label, proposed, action, isDisabled = false, onSubmit, children }: NameFormProps) {
  const id = useId()
  /** Undefined until the person has typed: then the proposal is shown, which may change. */
  const name = useSignal<string | undefined>(undefined)
  const submit = async (event: Event) => {
    event.preventDefault()
    if (await onSubmit(name.value ?? proposed)) name.value = undefined
  }
  return (
    <form class="name-form" onSubmit={submit}>
      {children}
      <div class="field">
        <label for={id}>{label}</label>
        <input
          id={id}
          required
          pattern={NAME_PATTERN}
          title="1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit"
          autocomplete="off"
          spellcheck={false}
          value={name.value ?? proposed}
          onInput={({ currentTarget }) => {
            name.value = currentTarget.value
          }}
        />
      </div>
      <Button type="submit" look="primary" disabled={isDisabled}>
        {action}
      </Button>
    </form>
  )
}
