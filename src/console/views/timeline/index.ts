// The view of virtual time: what happened in the sandbox, what is planned, and the clock.
import type { ViewDefinition } from '../view.ts'
import { TimelineView } from './view.tsx'

export const timelineView: ViewDefinition = {
  id: 'timeline',
  title: 'Timeline',
  key: 't',
  icon: 'timeline',
  View: TimelineView,
}
