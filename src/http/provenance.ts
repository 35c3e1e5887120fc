// Where a behaviour comes from; carried by every error and operation, and readable in openapi.yaml as x-provenance.

/** `documented` by the vendor, read in a real client's code, taken from the upstream product, or our best guess. */
export type Mark = 'documented' | 'client-code' | 'upstream' | 'inferred'

export interface Provenance {
  behaviour: string
  mark: Mark
  /** The document, when there is one. */
  source?: string
}
