// arcgis: the error page.
import { html } from 'ghtml'
import type { ArcgisError } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { layout } from './layout.ts'

export function errorPage(frame: Frame, { error: { code, message, details } }: ArcgisError): Page {
  const more = (details ?? []).filter(detail => detail !== message)
  return layout(
    frame,
    'Error',
    html`<div class="error" role="alert"><b>${message}</b><br>Code: ${code}!${more.map(detail => html`<br>${detail}`)}</div>`,
  )
}
