// One-page PDF documents of text lines that PDF readers can open.

import type { Entry } from './archive.ts'
import { bytesEntry } from './content.ts'

const LINES_PER_PAGE = 44

/**
 * An A4 page of up to 44 lines in Helvetica 11. Characters outside Latin-1, except the euro sign, become `?`.
 * `modifiedAt` in epoch ms. Throws RangeError when there are too many lines.
 */
export function pdfEntry(path: string, lines: readonly string[], modifiedAt: number): Entry {
  if (lines.length > LINES_PER_PAGE) {
    throw new RangeError(`${path}: ${lines.length} lines do not fit on a page of ${LINES_PER_PAGE}`)
  }
  return bytesEntry(path, Buffer.from(pdf(lines), 'latin1'), modifiedAt)
}

function pdf(lines: readonly string[]): string {
  const text = `BT /F1 11 Tf 16 TL 56 780 Td\n${lines.map(line => `${literal(line)} Tj T*\n`).join('')}ET\n`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}endstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  // Four bytes above 127 in the second line mark the file as binary for transfer programs.
  let body = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  let xref = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const [index, object] of objects.entries()) {
    xref += `${String(body.length).padStart(10, '0')} 00000 n \n`
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  return `${body}${xref}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`
}

/** A PDF string, one byte per character. */
function literal(line: string): string {
  const latin = line.replaceAll('€', '\x80').replace(/[^\x20-\x7e\x80\xa0-\xff]/gu, '?')
  return `(${latin.replace(/[\\()]/g, '\\$&')})`
}
