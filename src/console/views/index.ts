// The views of the console, in the order of the navigation. The first one is shown by default.
import { computed } from '@preact/signals'
import { param } from '../state/url.ts'
import { dataView } from './data/index.ts'
import { drillsView } from './drills/index.ts'
import { faultsView } from './faults/index.ts'
import { requestsView } from './requests/index.ts'
import { sandboxesView } from './sandboxes/index.ts'
import { timelineView } from './timeline/index.ts'
import type { ViewDefinition } from './view.ts'

export const views: readonly [ViewDefinition, ...ViewDefinition[]] = [
  timelineView,
  requestsView,
  faultsView,
  dataView,
  drillsView,
  sandboxesView,
]

/** The view that the URL names. */
export const shownView = computed(() => views.find(({ id }) => id === param('view')) ?? views[0])
