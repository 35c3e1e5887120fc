// Text in XML: characters that XML cannot contain are replaced, the others are escaped by the template.
import { html } from 'ghtml'

/** XML 1.0 has no other characters, not even escaped: https://www.w3.org/TR/xml/#charsets */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** The template escapes `<`, `>`, `&`, `=` and quotes with character references, which HTML and XML share. */
export const xml = html

export function xmlText(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd')
}
