// What a fault kind is: its parameters, what it does to requests and responses, and what it says about itself.
import type { Readable } from 'node:stream'
import type { Static, TObject } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiError, Catalogue } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** A request that a fault applies to, before anything of it was checked. */
export interface FaultedRequest {
  request: FastifyRequest
  reply: FastifyReply
  scope: Scope
  /** Of the API that the request is for. */
  catalogue: Catalogue
  /** In [0, 1): the same for the same seed, fault, request and label. */
  draw(label: string): number
  /** Lets the request go on. */
  next(error?: Error): void
  /** Answers with an error of the API, in its format. */
  fail(error: ApiError): void
  /**
   * Keeps the client waiting until `wait` calls back, then calls `then`. `wait` returns what cancels it. A client that goes
   * away ends it; when the sandbox or the server closes, the connection is cut.
   */
  hold(wait: (done: () => void) => () => void, then?: () => void): void
}

/** A response that a fault applies to, after the operation has happened. */
export interface FaultedResponse {
  reply: FastifyReply
  /** Text, bytes or a stream; undefined for a response without a body. */
  body: FaultedBody | undefined
}
export type FaultedBody = string | Buffer | Readable

/** The API that a fault is armed for, as far as its parameters depend on it. */
export interface FaultedApi {
  name: string
  catalogue: Catalogue
}

export interface FaultKind<Name extends string = string, Form extends TObject = TObject> {
  readonly name: Name
  /** One sentence on the bug of a client that it provokes. */
  readonly provokes: string
  /**
   * The parameters, beside `fault`. A kind that can be set up in several ways has a form for each; the description of a form
   * says in one sentence what the fault does.
   */
  readonly forms: readonly Form[]
  /** Whether the operation still happens. */
  operationHappens(parameters: Static<Form>): boolean
  /** What is wrong with the parameters that their schema cannot say; called when the fault is armed. */
  check?(parameters: Static<Form>, api: FaultedApi | undefined): string | undefined
  /** Must call one of `next`, `fail` and `hold`, or answer. Left out: the request continues. */
  onRequest?(parameters: Static<Form>, request: FaultedRequest): void
  /** Returns the body to send; headers of `reply` are made to fit. Left out: the response stays as it is. */
  onResponse?(parameters: Static<Form>, response: FaultedResponse): FaultedBody | undefined
}

/** A kind whose exact types are known only to itself: what the list of kinds holds. */
export type AnyFaultKind<Name extends string = string> = Omit<
  FaultKind<Name>,
  'operationHappens' | 'check' | 'onRequest' | 'onResponse'
> & {
  operationHappens(parameters: never): boolean
  check?(parameters: never, api: FaultedApi | undefined): string | undefined
  onRequest?(parameters: never, request: FaultedRequest): void
  onResponse?(parameters: never, response: FaultedResponse): FaultedBody | undefined
}

/** Declares a kind with the types of its parameters. */
export function faultKind<const Name extends string, Form extends TObject>(
  kind: FaultKind<Name, Form>,
): FaultKind<Name, Form> {
  return kind
}
