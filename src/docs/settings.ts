// What the server tells the page: the documents, and the credentials of the demo data.

/** A request that signs in with the demo data, and the field of the response that has the token. */
export interface TokenRequest {
  path: string
  form: Readonly<Record<string, string>>
  field: string
  /** What a response says when the token is not valid any more. */
  expired: string
}

export interface DescribedApi {
  name: string
  title: string
  /** By the names of the security schemes: values, or how to get one. */
  credentials: Readonly<Record<string, string | TokenRequest>>
}

export interface Settings {
  version: string
  sandbox: string
  apis: readonly DescribedApi[]
}

/** `path` is relative to the page's folder, so that it leads to the same server and sandbox. */
export async function fetchJson<Value>(path: string): Promise<Value> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} was answered with status ${response.status}`)
  return (await response.json()) as Value
}
