// Defines what a fault kind is: its parameters, its effect on requests and responses, and its description.
import type { Readable } from 'node:stream'
import type { Static, TObject } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../../archives/archive.ts'
import type { DownloadPlan, RequestHeaders } from '../../archives/download.ts'
import type { Held } from '../../sandbox/faults/holds.ts'
import type { ApiError, Catalogue } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** A request that a fault applies to, before it is checked. */
export interface FaultedRequest {
  request: FastifyRequest
  reply: FastifyReply
  scope: Scope
  /** Of the API that the request is for. */
  catalogue: Catalogue
  /** In [0, 1): the same for the same seed, fault, request and label. */
  draw(label: string): number
  /** Continues with the request, or fails it with the error. */
  next(error?: Error): void
  /** Continues with the request at the present virtual time, after it was kept waiting. */
  resume(): void
  /** Answers with an error of the API, in its format. */
  fail(error: ApiError): void
  /**
   * Keeps the client waiting until the wait ends, then calls `then`. When the sandbox is closed, the connection is closed; when the
   * server stops, only if the wait is not timed.
   */
  hold(wait: Wait, then?: () => void): void
  holdUntilReleased: HoldUntilReleased
}

/** What a client is kept waiting for. */
export interface Wait {
  /** Whether it ends after some of this machine's time, whatever happens. */
  isTimed: boolean
  /** Calls `done` at its end. Returns a function that cancels it, which is called when the client disconnects. */
  start(done: () => void): () => void
}

/**
 * Holds the request until a control operation ends that, for `maxMs` of this machine's time at most; then calls `then` with
 * whether the request continues. If it does not, the connection is closed.
 */
export type HoldUntilReleased = (at: Held['at'], maxMs: number, then: (continues: boolean) => void) => void

/** A response that a fault applies to, after the operation has happened. */
export interface FaultedResponse {
  reply: FastifyReply
  scope: Scope
  /** Text, bytes or a stream; undefined for a response without a body. */
  body: FaultedBody | undefined
  /** As in `FaultedRequest`. */
  hold: FaultedRequest['hold']
  holdUntilReleased: HoldUntilReleased
}
export type FaultedBody = string | Buffer | Readable
/** What a kind returns for a response. */
type SentBody = FaultedBody | undefined | Promise<FaultedBody | undefined>

/** The response to a download, before any byte of the file is made. */
export interface FaultedDownload {
  request: FastifyRequest
  reply: FastifyReply
  scope: Scope
  /** Of the API that the request is for. */
  catalogue: Catalogue
  /** The response without the fault. Do not change it: return another one. */
  plan: DownloadPlan
  /** The file without the fault. */
  source: Archive
  /** The response to the same request with other headers, or of another file. */
  planFor(headers: RequestHeaders, source?: Archive): DownloadPlan
  /** As in `FaultedRequest`. */
  draw(label: string): number
}

/** What is sent instead: the status, the headers and the parts of the body, and the file that they are parts of. */
export interface ServedDownload {
  plan: DownloadPlan
  source: Archive
}

/** The parts of an API that the parameters of a fault can depend on. */
export interface FaultedApi {
  name: string
  catalogue: Catalogue
  /** The archives that its operations send; absent if they send none. */
  archives?: { areEncrypted: boolean }
}

export interface FaultKind<Name extends string = string, Form extends TObject = TObject> {
  readonly name: Name
  /** One sentence that describes the client bug that it provokes. */
  readonly provokes: string
  /**
   * The parameters, beside `fault`. A kind that can be set up in several ways has a form for each; the description of a form
   * says in one sentence what the fault does.
   */
  readonly forms: readonly Form[]
  /** Whether it is armed only on a server with --allow-unsafe-archives, and never as part of a plan or a drill. */
  readonly isUnsafe?: true
  /** Whether the operation still happens. */
  operationHappens(parameters: Static<Form>): boolean
  /** Describes a problem with the parameters that their schema cannot express, if there is one; called when the fault is armed. */
  check?(parameters: Static<Form>, api: FaultedApi | undefined): string | undefined
  /** Must call one of `next`, `fail` and `hold`, or send a response. Without it, the request continues. */
  onRequest?(parameters: Static<Form>, request: FaultedRequest): void
  /**
   * Returns what to send of a file. Statuses 412 and 416 are sent as the API's own error, with the headers of the plan; any other
   * ApiError may be thrown. Not called for responses other than files. Without it, the response is not changed.
   */
  onDownload?(parameters: Static<Form>, download: FaultedDownload): ServedDownload
  /** Returns the body to send, at once or later, and changes the headers of `reply` to match it. Without it, the response is not changed. */
  onResponse?(parameters: Static<Form>, response: FaultedResponse): SentBody
}

/** A kind with any parameters, as the list of kinds contains it. */
export type AnyFaultKind<Name extends string = string> = Omit<
  FaultKind<Name>,
  'operationHappens' | 'check' | 'onRequest' | 'onDownload' | 'onResponse'
> & {
  operationHappens(parameters: never): boolean
  check?(parameters: never, api: FaultedApi | undefined): string | undefined
  onRequest?(parameters: never, request: FaultedRequest): void
  onDownload?(parameters: never, download: FaultedDownload): ServedDownload
  onResponse?(parameters: never, response: FaultedResponse): SentBody
}

/** Declares a kind with the types of its parameters. */
export function faultKind<const Name extends string, Form extends TObject>(
  kind: FaultKind<Name, Form>,
): FaultKind<Name, Form> {
  return kind
}
