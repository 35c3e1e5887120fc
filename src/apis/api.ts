// What an API provides to the server: its state, its mounts, its error format, and its descriptions.
import type { Archive } from '../archives/archive.ts'
import type { DownloadedFile } from '../http/download.ts'
import type { ErrorFormat } from '../http/failures.ts'
import type { Mount } from '../http/mount.ts'
import type { Options } from '../option.ts'
import type { ApiState, Sandbox } from '../sandbox/sandbox.ts'
import type { TableExamples } from './table-examples.ts'

export type SecurityScheme =
  | { type: 'http'; scheme: 'bearer'; description: string }
  | { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string; description: string }

/** A request that is answered with a token, as a form. */
export interface TokenRequest {
  /** Without a slash at the start. */
  path: string
  form: Readonly<Record<string, string>>
  /** The field of the JSON response that has the token. */
  field: string
  /** What a response says when the token is not valid any more. */
  expired: string
}

/** A code that confirms who a user is. */
export interface OneTimeCode {
  username: string
  code: string
  /** Epoch ms. */
  expiresAt: number
  /** Whether it was accepted already, and therefore is refused. */
  used: boolean
}

/** What people see of the rows of a table besides its columns. `row` has instants in epoch ms, as does `now`. */
export interface RowView<Row> {
  /** The state of what the row stands for, in a few words. */
  stateOf?(sandbox: Sandbox, row: Row, now: number): string
  /** Makes the file that clients can download; undefined if the row has no file. */
  fileOf?(sandbox: Sandbox, row: Row, now: number): (() => Archive) | undefined
}

export interface Api extends ApiState {
  title: string
  description: string
  /** Where it is served. No two APIs share a base path. */
  mounts: readonly Mount[]
  /** For requests that match no mount's routes, and for the names of errors. */
  errorFormat: ErrorFormat
  /** How callers authenticate, by the names that the routes' `security` uses; OpenAPI security scheme objects. */
  securitySchemes: Readonly<Record<string, SecurityScheme>>
  /** Request headers that hold credentials, in lower case. A credential in one of them can be bound to a sandbox. */
  credentialHeaders: readonly string[]
  /** Its own options of the server, by name; listed in options.ts as well. Their values are in the sandbox's settings. */
  options: Options
  /** The demo data: rows by table, as documents write them. */
  fixture: Record<string, unknown>
  /** An example of a request, as a command that is printed when the server has started at `origin`. */
  tryIt(origin: string): string
  /** Credentials of the demo data, or how to get one, by the names of `securitySchemes`; for people who try operations in a browser. */
  demoCredentials: Readonly<Record<string, string | TokenRequest>>
  /** The configuration of a client that uses the demo data, as environment variables: base URL and credentials. `options` are the values of the API's own options. */
  environment(server: { origin: string; options: unknown }): Record<string, string>
  /** What the authenticator apps of its users show at `now` (epoch ms), for tests and for clocks that are not real. */
  oneTimeCodes?(sandbox: Sandbox, now: number): OneTimeCode[]
  /** How a row gets into each table, by the name of the table in documents. */
  tableExamples: TableExamples
  /** By the name of the table in documents. */
  rowViews?: Readonly<Record<string, RowView<never>>>
  /** The archives that its operations send; absent if they send none. */
  archives?: { areEncrypted: boolean }
  /** The file of a finished backup that no route of the API serves, by its id in the storage. */
  backupFile?(sandbox: Sandbox, id: string): Archive | undefined
  /** The file at a download's path and query, as routed. Throws ApiError if no file is there. */
  fileAt?(sandbox: Sandbox, url: string): Promise<DownloadedFile>
}

export function basePathsOf({ mounts }: Pick<Api, 'mounts'>): string[] {
  return mounts.map(({ basePath }) => basePath)
}
