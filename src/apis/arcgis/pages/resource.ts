// arcgis: the page of a resource, made from its JSON and its links.
import { html } from 'ghtml'
import type { Page } from '../../../http/html.ts'
import { type Frame, hrefOf, type Link } from '../frame.ts'
import { interfaces, layout, linkList, properties } from './layout.ts'

export interface ResourceView {
  title: string
  /** What the page shows of the JSON. */
  shown: object
  /** The links of fields, by name. */
  links: Readonly<Record<string, string>>
  children: readonly Link[]
  operations: readonly Link[]
}

export function resourcePage(frame: Frame, { title, shown, links, children, operations }: ResourceView): Page {
  const body = html`!${properties(shown, hrefsOf(frame, links))}
!${linkList(frame, 'Child Resources', children)}
!${linkList(frame, 'Supported Operations', operations)}
!${interfaces(frame)}`
  return layout(frame, title, body)
}

/** The URLs of paths as in `Link`, by the same names. */
export function hrefsOf(frame: Frame, links: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(links).map(([name, path]) => [name, hrefOf(frame, path)]))
}
