// arcgis: the error page.
import { html } from 'ghtml'
import type { ArcgisError } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { layout } from './layout.ts'

export function errorPage(frame: Frame, error: ArcgisError): Page {
  return layout(frame, 'Error', errorAlert(error))
}

export function errorAlert({ error: { code, message, details } }: ArcgisError): string {
  const more = (details ?? []).filter(detail => detail !== message)
  return html`<div class="error" role="alert"><b>${message}</b><br>Code: ${code}!${more.map(detail => html`<br>${detail}`)}</div>`
}
