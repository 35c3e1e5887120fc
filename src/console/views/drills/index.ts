// The view of drills.
import type { ViewDefinition } from '../view.ts'
import { DrillsView } from './view.tsx'

export const drillsView: ViewDefinition = { id: 'drills', title: 'Drills', key: 'l', icon: 'drills', View: DrillsView }
