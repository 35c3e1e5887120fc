// What a view of the console is.
import type { ComponentType } from 'preact'
import type { IconName } from '../components/icon.tsx'

export interface ViewDefinition {
  /** The value of the parameter `view` in the URL. */
  id: string
  title: string
  /** Pressed after `g`, it shows the view. */
  key: string
  icon: IconName
  View: ComponentType
}
