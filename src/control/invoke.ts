// Runs a control operation: validates its input, with the same messages on every interface, and calls its implementation.
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Api } from '../apis/api.ts'
import type { Operations } from '../http/operations.ts'
import { describeProblems } from '../http/problems.ts'
import { Refusal } from '../sandbox/refusal.ts'
import type { Registry } from '../sandbox/registry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Certifications } from './certifications/store.ts'
import type { Input, InputSchemas, Operation, Output, Result } from './operation.ts'
import { begun, type Steps } from './steps.ts'

/** What all control operations of a server share. */
export interface ControlServer {
  registry: Registry
  apis: readonly Api[]
  /** The operations of the APIs, by operationId. */
  operations: Operations
  certifications: Certifications
  version: string
  uptimeMs(): number
  /** The control API's own OpenAPI document. */
  describe(): Promise<object>
}

/** What a control operation works on. */
export interface Context extends ControlServer {
  sandboxName: string
  /** Looks the sandbox up at each call, because reset and import replace the object. Throws Refusal when it does not exist. */
  sandbox(): Sandbox
  /** `scheme://host` with which URLs in results start. */
  serverUrl: string
  /** Creates a signal that is aborted when the caller disconnects; undefined if the caller cannot. */
  signal: (() => AbortSignal) | undefined
}

/** The context of one call. The sandbox is brought up to date whenever it is looked up. */
export function contextFor(
  server: ControlServer,
  sandboxName: string,
  serverUrl: string,
  signal?: Context['signal'],
): Context {
  return {
    ...server,
    sandboxName,
    serverUrl,
    sandbox() {
      const sandbox = server.registry.existing(sandboxName)
      sandbox.settle()
      return sandbox
    },
    signal,
  }
}

/** A row and the function that implements it. */
export interface Implementation {
  operation: Operation
  /** `run` returns Steps, and so does `invoke`. */
  inSteps?: true
  run(context: Context, input: never): unknown
}

/** Binds a row to the function that implements it, which gets a validated input and may throw Refusal. */
export function implement<Row extends Operation>(
  operation: Row,
  // Without an output schema the result is ignored.
  run: (context: Context, input: Input<Row>) => Row extends { out: TSchema } ? Result<Row> : unknown,
): Implementation {
  return { operation, run }
}

/** Binds a row to a function that does its work in steps. */
export function implementInSteps<Row extends Operation>(
  operation: Row,
  run: (context: Context, input: Input<Row>) => Steps<Output<Row>>,
): Implementation {
  return { operation, inSteps: true, run: (context, input) => begun(run(context, input)) }
}

/** An input that is not validated yet. */
export type GivenInput = { [Name in keyof InputSchemas]?: unknown }

/** Validates the input and runs the operation. Throws Refusal; then nothing has changed. */
export function invoke({ operation, run }: Implementation, context: Context, given: GivenInput): unknown {
  const { path, query, body } = operation.in ?? {}
  const input = {
    path: path && validated(path, given.path, 'path'),
    query: query && validated(query, given.query, 'query'),
    body: body && validated(body, given.body, 'body'),
  }
  const runValidated = () => run(context, input as never)
  const { registry, sandboxName } = context
  const { scope, sandboxAccess = 'existing' } = operation
  if (scope === 'sandbox' && sandboxAccess === 'existing') registry.existing(sandboxName)
  const result = sandboxAccess === 'create' ? registry.change(sandboxName, runValidated) : runValidated()
  if (scope === 'sandbox') registry.historyOf(sandboxName)?.note()
  return operation.out === undefined ? undefined : result
}

/** A missing part counts as `{}`, so that it can be left out when all its fields are optional. */
function validated(schema: TSchema, given: unknown, part: string): unknown {
  const value = given === undefined ? {} : given
  if (Value.Check(schema, value)) return value
  const problems = describeProblems(Value.Errors(schema, value), part)
  throw new Refusal('invalid', problems[0] ?? `The ${part} is not valid`, { details: problems })
}
