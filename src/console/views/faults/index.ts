// The view of faults.
import type { ViewDefinition } from '../view.ts'
import { FaultsView } from './view.tsx'

export const faultsView: ViewDefinition = {
  id: 'faults',
  title: 'Faults',
  key: 'f',
  icon: 'faults',
  View: FaultsView,
}
