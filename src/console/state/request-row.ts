// What lists and the timeline show of a request.
import type { ServeEvent } from '../../../schemas/control.ts'

export interface RequestRow {
  id: string
  method: string
  /** The routed path with its query. */
  path: string
  /** Undefined if no response was sent, or none yet. */
  status: number | undefined
  api: string | undefined
  operation: string | undefined
  /** When the request arrived, in virtual time, in ms since 1970. */
  virtualMs: number
  /** When the request arrived, in real time, in ms since 1970. */
  arrivedMs: number
  durationMs: number | undefined
  /** The kind of the fault that was applied. */
  fault: string | undefined
  /** The id of that fault. */
  faultId: string | undefined
  /** The documented response that the request asked for. */
  forced: string | undefined
  /** The name of the error in the catalogue of the API. */
  error: string | undefined
  /** Whether a route matched it. */
  isMatched: boolean
}

export function rowOf({ id, request, response, wasMatched, firedrill }: ServeEvent): RequestRow {
  return {
    id,
    method: request.method,
    path: firedrill.path,
    status: response?.status,
    api: firedrill.api ?? undefined,
    operation: firedrill.operation ?? undefined,
    virtualMs: Date.parse(firedrill.virtualTime),
    arrivedMs: request.loggedDate,
    durationMs: firedrill.durationMs ?? undefined,
    fault: firedrill.fault?.fault,
    faultId: firedrill.fault?.id,
    forced: firedrill.forced ?? undefined,
    error: firedrill.error ?? undefined,
    isMatched: wasMatched,
  }
}
