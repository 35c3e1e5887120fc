// The calls and faults of a run as the report shows them, without secrets.
import type { ReportCall, ReportDrill } from '../../../schemas/report.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { isCompleted } from '../../sandbox/faults/faults.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { shownExchange } from '../journal/exchange.ts'

export function callsOf({ journal }: Sandbox): ReportCall[] {
  return journal.entries().map(callView)
}

function callView(entry: Entry): ReportCall {
  const { id, virtualAt, operation, trace, answer, durationMs } = entry
  const { method, url } = shownExchange(entry)
  return {
    id,
    at: isoInstant(virtualAt),
    operation: operation ?? null,
    method,
    path: url,
    status: answer?.status ?? null,
    error: trace.failure && trace.failure.stage !== 'forced' ? trace.failure.name : null,
    fault: trace.fault?.fault ?? null,
    durationMs: durationMs === undefined ? null : Math.round(durationMs * 1000) / 1000,
  }
}

export function faultsOf({ faults }: Sandbox): ReportDrill['faults'] {
  return faults.list().map(rule => ({
    id: rule.id,
    operation: rule.operation,
    fault: rule.fault?.fault ?? (rule.sequence ?? []).map(step => step.fault).join(', '),
    hits: rule.hits,
    completed: isCompleted(rule),
  }))
}
