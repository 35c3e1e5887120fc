// Implements the control operations on the state of a sandbox: reset, assert-clean, state documents and snapshots.
import { asDocument, documentSchema, exportDocument } from '../../sandbox/documents.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { type Implementation, implement } from '../invoke.ts'
import { bundleOf } from './bundle.ts'
import { leftByClient, stillArmed } from './cleanliness.ts'
import * as rows from './operations.ts'

export const stateImplementations: readonly Implementation[] = [
  implement(rows.reset, ({ registry, sandboxName }) => registry.reset(sandboxName)),
  implement(rows.assertClean, context => {
    const sandbox = context.sandbox()
    const now = sandbox.settle()
    const problems = [...leftByClient(sandbox, now), ...stillArmed(sandbox, now)]
    return { clean: problems.length === 0, problems }
  }),
  implement(rows.exportState, context => {
    const sandbox = context.sandbox()
    sandbox.settle()
    return exportDocument(sandbox, context.apis)
  }),
  implement(rows.importState, ({ registry, sandboxName }, { body }) =>
    registry.replace(sandboxName, { from: 'document', document: asDocument(body) }),
  ),
  implement(rows.stateSchema, ({ apis }) => ({ ...documentSchema(apis) })),
  implement(rows.downloadBackup, (context, { path }) => {
    const sandbox = context.sandbox()
    for (const { backupFile } of context.apis) {
      const file = backupFile?.(sandbox, path.id)
      if (file) return file
    }
    throw new Refusal('missing', `no finished backup "${path.id}" has a file that is not served by its API`)
  }),
  implement(rows.exportBundle, bundleOf),
  implement(rows.listSnapshots, ({ registry }) => registry.snapshots().map(name => ({ name }))),
  implement(rows.takeSnapshot, ({ registry, sandboxName }, { body }) => {
    registry.snapshot(sandboxName, body.name)
    return { name: body.name }
  }),
  implement(rows.restoreSnapshot, ({ registry, sandboxName }, { path }) =>
    registry.replace(sandboxName, { from: 'snapshot', name: path.name }),
  ),
  implement(rows.dropSnapshot, ({ registry }, { path }) => registry.dropSnapshot(path.name)),
]
