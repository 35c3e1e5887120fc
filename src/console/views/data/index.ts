// The view of what the sandbox holds: the jobs and the tables of the APIs.
import type { ViewDefinition } from '../view.ts'
import { Tables } from './view.tsx'

export const dataView: ViewDefinition = { id: 'data', title: 'Data', key: 'd', icon: 'data', View: Tables }
