// What a control operation is: a row of plain data from which every interface to it is made.
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { RefusalKind } from '../sandbox/refusal.ts'

/** The parts of an input, kept apart so that the same name can stand in two of them. */
export interface InputSchemas {
  /** Parameters of the path, in the order in which the path has them. */
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
  /** Below `/__admin`, or `/__admin/sandboxes/{sandbox}` for one by name; parameters as `:name`. */
  path: string
  /** What it is about: the addressed sandbox, or the server as a whole. */
  scope: 'sandbox' | 'server'
  /** Its method of the embedded API: `clock.advance` is `advance` of the object `clock`. */
  embedded: string
  summary: string
  description?: string
  in?: InputSchemas
  /** Left out: there is no answer to read. Of `events`, the schema of each event. */
  out?: TSchema
  /** What the answer is, for the OpenAPI document. */
  outcome: string
  /** HTTP status of success; 204 when there is no `out`. */
  status?: 200 | 201
  /** What can be refused besides what every operation refuses. */
  errors?: readonly RefusalKind[]
  /** `value` when left out. `events` are sent one after another until either side ends it. */
  kind?: 'value' | 'events'
  /** It answers later: the method of the embedded API returns a promise. */
  async?: true
  /**
   * With `scope: 'sandbox'`: `existing` (when left out) refuses a sandbox that does not exist; `create` creates it; `unopened` leaves
   * it to the operation, so that a sandbox can be reset whose data file cannot be used.
   */
  sandboxAccess?: 'existing' | 'create' | 'unopened'
  /** Media type of `out`; application/json when left out. */
  media?: string
  /** Largest body in bytes, where it differs from other operations. */
  bodyLimitBytes?: number
  /** Other HTTP routes to the same operation. */
  aliases?: readonly { id: string; method: Operation['method']; path: string }[]
  /** False: answered without a token, from any page. */
  guarded?: false
}

export const CAPABILITIES = {
  server: 'The server itself.',
  sandboxes: 'Isolated worlds on one server.',
  clock: "A sandbox's time.",
  jobs: "Every API's jobs, and rules for jobs to come.",
  faults: 'Misbehaviour of the APIs, armed and proved.',
  journal: 'The requests that clients sent and the responses that they got, without secrets.',
  state: 'Everything that a sandbox holds.',
  drills: 'Tests of clients: what they are put through, and what a correct client does.',
} as const
export type Capability = keyof typeof CAPABILITIES

/** Declares a row with its exact type, from which the types of every interface follow. */
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

/** What the operation returns; of `events`, one of them. */
export type Output<Row extends Operation> = Row extends { out: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined

/** Tells a subscriber about events. */
export interface Listener<Event> {
  event(event: Event): void
  /** There will be no more. */
  closed?(): void
}

/** What `run` of the row returns: of `events`, a function that subscribes and returns what ends the subscription. */
export type Result<Row extends Operation> = Row extends { kind: 'events' }
  ? (listener: Listener<Output<Row>>) => () => void
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

/** Of methods that return a promise. */
export interface CallOptions {
  /** Aborts the call: its promise rejects. */
  signal?: AbortSignal
}

type OptionArguments<Row extends Operation> = Row extends { async: true } ? [options?: CallOptions] : []

/** The row as a method of the embedded API: the path parameter first, then the body, or else the query. */
export type Method<Row extends Operation> = Row extends { kind: 'events' }
  ? (listener: Listener<Output<Row>>) => () => void
  : (...args: [...PathArguments<Row>, ...InputArguments<Row>, ...OptionArguments<Row>]) => Result<Row>
