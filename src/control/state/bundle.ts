// Exports a sandbox as one zip: its state, its journal, and why each request was answered as it was. Without secrets.
import type { Archive } from '../../archives/archive.ts'
import { compressedZip } from '../../archives/compressed.ts'
import type { Context } from '../invoke.ts'
import { explain } from '../journal/explain.ts'
import { harOf } from '../journal/har.ts'
import { redactedState } from './masking.ts'

export async function bundleOf({ sandbox, apis, operations }: Context): Promise<Archive> {
  const found = sandbox()
  const entries = found.journal.entries()
  const explanations = entries.map(entry => explain(entry, operations, found.name))
  const files = [
    { path: 'state.json', text: redactedState(found, apis) },
    { path: 'requests.har', text: jsonText(harOf(entries)) },
    { path: 'explanations.json', text: jsonText(explanations) },
  ]
  return compressedZip(`${found.name}.zip`, files, found.clock.now())
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
