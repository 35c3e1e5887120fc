// Types for the source of each error and operation, published in openapi.yaml as x-provenance.

/** Documented by the vendor, read in a real client's code, taken from the upstream product, or assumed. */
export type Mark = 'documented' | 'client-code' | 'upstream' | 'inferred'

export interface Provenance {
  behaviour: string
  mark: Mark
  /** The document, if there is one. */
  source?: string
}
