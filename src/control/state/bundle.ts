// Exports a sandbox as one zip: its state, its journal, and why each request was answered as it was. Without secrets.
import type { Archive } from '../../archives/archive.ts'
import { compressedZip } from '../../archives/compressed.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { exportDocument } from '../../sandbox/documents.ts'
import type { Context } from '../invoke.ts'
import { explain } from '../journal/explain.ts'
import { harOf } from '../journal/har.ts'

export async function bundleOf({ sandbox, apis, operations }: Context): Promise<Archive> {
  const found = sandbox()
  const entries = found.journal.entries()
  const explanations = entries.map(entry => explain(entry, operations, found.name))
  const files = [
    { path: 'state.json', text: redactedText(jsonText(exportDocument(found, apis))) },
    { path: 'requests.har', text: jsonText(harOf(entries)) },
    { path: 'explanations.json', text: jsonText(explanations) },
  ]
  return compressedZip(`${found.name}.zip`, files, found.clock.now())
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
