// The view of the requests in the journal.
import type { ViewDefinition } from '../view.ts'
import { RequestsView } from './view.tsx'

export const requestsView: ViewDefinition = {
  id: 'requests',
  title: 'Requests',
  key: 'r',
  icon: 'requests',
  View: RequestsView,
}
