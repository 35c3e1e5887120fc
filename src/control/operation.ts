// Defines what a control operation is: a row of plain data from which all its interfaces are made.
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { Archive } from '../archives/archive.ts'
import type { RefusalKind } from '../sandbox/refusal.ts'

/** The parts of an input, kept apart because two of them may have a field of the same name. */
export interface InputSchemas {
  /** Parameters of the path, in the order of the path. */
  path?: TObject
  query?: TObject
  body?: TSchema
}

export interface Operation {
  /** Its operationId. */
  id: string
  /** The folder under `src/control/` that it belongs to; the tag of its OpenAPI entry. */
  capability: Capability
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/__admin`, and for a sandbox by name below `/__admin/sandboxes/{sandbox}`; parameters as `:name`. */
  path: string
  /** Whether it works on one sandbox or on the server as a whole. */
  scope: 'sandbox' | 'server'
  /** Its method of the embedded API: `clock.advance` is `advance` of the object `clock`. */
  embedded: string
  summary: string
  description?: string
  in?: InputSchemas
  /** Schema of the result; undefined if there is none. For `events`, the schema of each event. */
  out?: TSchema
  /** Description of the successful response in the OpenAPI document. */
  outcome: string
  /** HTTP status of success; 204 when there is no `out`. */
  status?: 200 | 201
  /** The kinds of refusal that not every operation has. */
  errors?: readonly RefusalKind[]
  /** Default `value`. `events` are sent one after another until either side ends the connection; a `file` is streamed. */
  kind?: 'value' | 'events' | 'file'
  /** The method of the embedded API returns a promise. */
  async?: true
  /**
   * With `scope: 'sandbox'`: `existing` (default) refuses a sandbox that does not exist; `create` creates it; `unopened` does neither
   * and does not open it, so that a sandbox with a damaged data file can be reset.
   */
  sandboxAccess?: 'existing' | 'create' | 'unopened'
  /** Media type of `out`; default application/json. */
  media?: string
  /** The Content-Security-Policy of the response, if not the one that allows nothing. */
  securityPolicy?: string
  /** Maximum size of the body, if not the default. */
  bodyLimitBytes?: number
  /** Other HTTP routes to the same operation. */
  aliases?: readonly { id: string; method: Operation['method']; path: string }[]
  /** False if it needs no token and may be called from any web page. */
  guarded?: false
}

export const CAPABILITIES = {
  server: 'The server itself.',
  sandboxes: 'Isolated sets of state, clock, jobs, faults and journal on one server.',
  clock: "A sandbox's time.",
  jobs: 'The jobs of all APIs, and rules for future jobs.',
  faults: 'Faulty behaviour of the APIs on request, with counts of how often it happened.',
  journal: 'The requests that clients sent and the responses that they got, without secrets.',
  credentials: 'One-time codes with which users of the APIs sign in.',
  state: 'Everything that a sandbox contains.',
  drills: 'Tests of clients: initial state, faults, and requirements that a correct client meets.',
  certifications: 'All drills, or some, as a test suite for one client, with a report.',
} as const
export type Capability = keyof typeof CAPABILITIES

/** Declares a row with its exact type, from which the types of all interfaces are derived. */
export function operation<const Row extends Operation>(row: Row): Row {
  return row
}

type Part<Row extends Operation, Name extends keyof InputSchemas> = Row extends { in: Record<Name, infer Schema> }
  ? Schema extends TSchema
    ? Static<Schema>
    : never
  : undefined

/** A validated input. Parts that the row does not have are undefined. */
export interface Input<Row extends Operation> {
  path: Part<Row, 'path'>
  query: Part<Row, 'query'>
  body: Part<Row, 'body'>
}

/** What the operation returns; for `events`, one event. */
export type Output<Row extends Operation> = Row extends { out: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined

/** Receives events. */
export interface Listener<Event> {
  event(event: Event): void
  /** Called when no more events will follow. */
  closed?(): void
}

/** What `run` returns; for `events`, a function that subscribes a listener and returns a function to unsubscribe it. */
export type Result<Row extends Operation> = Row extends { kind: 'events' }
  ? (listener: Listener<Output<Row>>) => () => void
  : Row extends { kind: 'file' }
    ? Row extends { async: true }
      ? Promise<Archive>
      : Archive
    : Row extends { async: true }
      ? Promise<Output<Row>>
      : Output<Row>

type PathArguments<Row extends Operation> =
  Part<Row, 'path'> extends undefined ? [] : keyof Part<Row, 'path'> extends never ? [] : [name: string]

type OneArgument<Value> = [Value] extends [undefined]
  ? []
  : Record<never, never> extends Value
    ? [input?: Value]
    : [input: Value]

type InputArguments<Row extends Operation> =
  Part<Row, 'body'> extends undefined ? OneArgument<Part<Row, 'query'>> : OneArgument<Part<Row, 'body'>>

/** Options of methods that return a promise. */
export interface CallOptions {
  /** Aborts the call; its promise then rejects. */
  signal?: AbortSignal
}

type OptionArguments<Row extends Operation> = Row extends { async: true } ? [options?: CallOptions] : []

/** The row as a method of the embedded API: the path parameter first, then the body or the query. */
export type Method<Row extends Operation> = Row extends { kind: 'events' }
  ? (listener: Listener<Output<Row>>) => () => void
  : (...args: [...PathArguments<Row>, ...InputArguments<Row>, ...OptionArguments<Row>]) => Result<Row>
