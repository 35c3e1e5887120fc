// The fault that applies to a request, and what it changes of a download.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../../archives/archive.ts'
import { planDownload } from '../../archives/download.ts'
import type { DownloadPersonality } from '../../archives/personalities.ts'
import { acceptsGzip } from '../accepts-gzip.ts'
import type { Catalogue } from '../errors.ts'
import { findScope, type Scope } from '../scope.ts'
import type { AnyFaultKind, FaultedDownload, ServedDownload } from './kind.ts'

export interface AppliedFault extends Pick<FaultedDownload, 'draw'> {
  kind: AnyFaultKind
  parameters: never
  /** Of the API that the request is for. */
  catalogue: Catalogue
}

const appliedFaults = new WeakMap<Scope, AppliedFault>()

export function setAppliedFault(scope: Scope, fault: AppliedFault): void {
  appliedFaults.set(scope, fault)
}

export function appliedFault(scope: Scope): AppliedFault | undefined {
  return scope.trace.fault && appliedFaults.get(scope)
}

/** The response to a download request, as the fault of the request changes it. */
export function servedDownload(
  request: FastifyRequest,
  reply: FastifyReply,
  archive: Archive,
  personality: DownloadPersonality,
): ServedDownload {
  const { method } = request
  const planFor: FaultedDownload['planFor'] = (headers, source = archive) => {
    return planDownload(source, { method, headers, acceptsGzip: acceptsGzip(headers, personality) }, personality)
  }
  const plan = planFor(request.headers)
  const scope = findScope(request)
  const fault = scope && appliedFault(scope)
  if (!scope || !fault?.kind.onDownload) return { plan, source: archive }
  const { parameters, catalogue, draw } = fault
  return fault.kind.onDownload(parameters, { request, reply, scope, catalogue, plan, source: archive, planFor, draw })
}
