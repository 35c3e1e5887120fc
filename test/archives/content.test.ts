// Repeatable content: exact sizes, whole rows, reading from any position, and valid PDFs.

import fc from 'fast-check'
import t from 'tap'
import { csvEntry, textEntry } from '../../src/archives/content.ts'
import { pdfEntry } from '../../src/archives/pdf.ts'
import { calls, contentOf, MIB, MODIFIED_AT } from './samples.ts'

t.test('a text entry is the UTF-8 bytes, readable from any position', async t => {
  const entry = textEntry('olá.txt', 'olá, mundo', MODIFIED_AT)
  t.equal(entry.sizeBytes, 11)
  t.equal(contentOf(entry).toString(), 'olá, mundo')
  t.equal(contentOf(entry, 6).toString(), 'mundo')
  t.equal(contentOf(entry, 11).length, 0)
  t.not(entry.contentId, textEntry('olá.txt', 'ola,, mundo', MODIFIED_AT).contentId)
})

t.test('a table with a number of rows has that many numbered rows', async t => {
  for (const rowCount of [0, 1, 2, 3000, 20_000]) {
    const entry = calls('calls.csv', { rowCount })
    const content = contentOf(entry)
    t.equal(content.length, entry.sizeBytes)
    const rows = content.toString().trimEnd().split('\n').slice(1)
    t.equal(rows.length, rowCount)
    t.ok(rows.every((row, index) => row.startsWith(`${String(index + 1).padStart(10, '0')},+3519`)))
    t.notMatch(content.toString(), / \n| "\n/)
  }
})

t.test('a table with an exact size has that size, whole rows, and less padding than a row', async t => {
  const whole = /^(\d{10}),\+3519\d{8},\+3512\d{8},\d{1,4},(?:answered *|"busy, ""again"" *"|não atendida *)$/
  const sizes = fc.oneof(fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 100, max: 700_000 }))
  fc.assert(
    fc.property(sizes, sizeBytes => {
      const content = contentOf(calls('calls.csv', { sizeBytes }))
      const rows = content.toString().split('\n')
      const padded = rows.at(-2) ?? ''
      const rest = rows.slice(1, -2)
      return (
        content.length === sizeBytes &&
        rows[0] === 'call,caller,callee,seconds,note' &&
        rows.at(-1) === '' &&
        whole.test(padded) &&
        padded.length < 150 &&
        rest.every((row, index) => Number(whole.exec(row)?.[1]) === index + 1)
      )
    }),
    { numRuns: 60 },
  )
  t.throws(() => calls('calls.csv', { sizeBytes: 60 }), /calls\.csv: 60 bytes must be 32, or \d+ or more/)
  t.throws(() => calls('calls.csv', { sizeBytes: 31 }), /31 bytes must be/)
  t.equal(contentOf(calls('calls.csv', { sizeBytes: 32 })).toString(), 'call,caller,callee,seconds,note\n')
})

t.test('a table can be read from any position', async t => {
  for (const extent of [{ sizeBytes: 400_001 }, { rowCount: 5000 }]) {
    const entry = calls('calls.csv', extent)
    const content = contentOf(entry)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: entry.sizeBytes }), start =>
        contentOf(entry, start).equals(content.subarray(start)),
      ),
      { numRuns: 50 },
    )
    // The padding and the line feed after it.
    for (let start = entry.sizeBytes - 80; start <= entry.sizeBytes; start++) {
      if (!contentOf(entry, start).equals(content.subarray(start))) t.fail(`differs from byte ${start}`)
    }
  }
})

t.test('the same seed gives the same table, another seed a different one', async t => {
  const one = calls('calls.csv', { sizeBytes: MIB })
  const again = calls('calls.csv', { sizeBytes: MIB })
  const other = calls('calls.csv', { sizeBytes: MIB }, 'other')
  t.ok(contentOf(one).equals(contentOf(again)))
  t.equal(one.contentId, again.contentId)
  t.notOk(contentOf(one).equals(contentOf(other)))
  t.not(one.contentId, other.contentId)
})

t.test('cells with special characters are quoted', async t => {
  const row = () => ['a,b', 'say "hi"', 'two\nlines', 7, '']
  const columns = ['n', 'x,y', 'b', 'c', 'd', 'e']
  const entry = csvEntry('q.csv', { columns, row, seed: 's', modifiedAt: MODIFIED_AT, rowCount: 1 })
  t.equal(contentOf(entry).toString(), 'n,"x,y",b,c,d,e\n0000000001,"a,b","say ""hi""","two\nlines",7,\n')
})

t.test('a PDF has correct cross-references and stream length', async t => {
  const entry = pdfEntry('invoice.pdf', ['Fatura n.º 1 (março) \\ 12 €', 'Привет'], MODIFIED_AT)
  const text = contentOf(entry).toString('latin1')
  t.match(text, /^%PDF-1\.4\n/)
  t.match(text, /%%EOF\n$/)
  const xrefAt = Number(/startxref\n(\d+)\n/.exec(text)?.[1])
  const [, count, table] =
    /^xref\n0 (\d+)\n0000000000 65535 f \n((?:\d{10} 00000 n \n)+)trailer/.exec(text.slice(xrefAt)) ?? []
  const offsets = [...(table ?? '').matchAll(/(\d{10})/g)]
    .filter((_, index) => index >= 0)
    .map(match => Number(match[1]))
  t.equal(offsets.length + 1, Number(count))
  for (const [index, offset] of offsets.entries()) t.ok(text.startsWith(`${index + 1} 0 obj\n`, offset))
  const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*?)endstream/.exec(text) ?? []
  t.equal(stream?.length, Number(length))
  t.match(stream, '(Fatura n.º 1 \\(março\\) \\\\ 12 \x80) Tj')
  t.match(stream, '(??????) Tj')
  t.throws(() => pdfEntry('long.pdf', Array(45).fill('line'), MODIFIED_AT), RangeError)
})
