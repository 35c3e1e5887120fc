// The view of the sandboxes: create, show, snapshot, restore, delete and rewind them.
import type { ViewDefinition } from '../view.ts'
import { SandboxesView } from './view.tsx'

export const sandboxesView: ViewDefinition = {
  id: 'sandboxes',
  title: 'Sandboxes',
  key: 's',
  icon: 'sandboxes',
  View: SandboxesView,
}
