// arcgis: the pages of an operation: its form, its result, and its form again with what was wrong.
import type { TObject } from '@sinclair/typebox'
import { html } from 'ghtml'
import type { ArcgisError } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame, Link } from '../frame.ts'
import { errorAlert } from './error.ts'
import { EMPTY, type FormState, form } from './form.ts'
import { layout, linkList, properties } from './layout.ts'
import { hrefsOf } from './resource.ts'

export interface OperationForm {
  title: string
  submit: string
  body: TObject
}

/** `failure` is what was wrong when the form was last submitted. */
export function formPage(
  frame: Frame,
  { title, submit, body }: OperationForm,
  state: FormState = EMPTY,
  failure?: ArcgisError,
): Page {
  const alert = failure ? errorAlert(failure) : ''
  const fields = form({ action: frame.path, submit, body, state, hidden: { token: frame.session?.token } })
  return layout(frame, title, html`!${alert}!${fields}`)
}

export interface ResultView {
  title: string
  result: object
  /** The links of fields, by name. */
  links: Readonly<Record<string, string>>
  /** Where to look next. */
  related: readonly Link[]
}

export function resultPage(frame: Frame, { title, result, links, related }: ResultView): Page {
  const body = html`!${properties(result, hrefsOf(frame, links))}
!${linkList(frame, 'See', related)}`
  return layout(frame, title, body)
}
