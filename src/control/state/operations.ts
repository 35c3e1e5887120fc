// Defines the control operations on the state of a sandbox: reset, assert-clean, state documents and snapshots.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

const SnapshotPath = Type.Object({ name: Type.String() })
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

export const reset = operation({
  id: 'reset',
  capability: 'state',
  method: 'POST',
  path: '/reset',
  scope: 'sandbox',
  embedded: 'reset',
  summary: 'Reset the sandbox to its initial state, including journal and faults',
  outcome: 'Reset',
  sandboxAccess: 'unopened',
})

export const assertClean = operation({
  id: 'readCleanliness',
  capability: 'state',
  method: 'GET',
  path: '/assert-clean',
  scope: 'sandbox',
  embedded: 'assertClean',
  summary: 'Check that the sandbox is as a test should leave it',
  description:
    'It is clean when every fault has fired as often as it should, no fault without a limit and no job rule is left, no job is ' +
    'running, and every request matched an operation.',
  outcome: 'Whether it is clean, and what is left over',
  out: wire.Cleanliness,
  aliases: [{ id: 'assertClean', method: 'POST', path: '/assert-clean' }],
})

export const exportState = operation({
  id: 'exportState',
  capability: 'state',
  method: 'GET',
  path: '/state',
  scope: 'sandbox',
  embedded: 'state.export',
  summary: 'Export everything that the sandbox contains, including its secrets',
  outcome: 'The document',
  out: wire.StateDocument,
})

export const importState = operation({
  id: 'importState',
  capability: 'state',
  method: 'PUT',
  path: '/state',
  scope: 'sandbox',
  embedded: 'state.import',
  summary: 'Replace everything that the sandbox contains with a document',
  in: { body: wire.StateDocument },
  outcome: 'Imported',
  bodyLimitBytes: MAX_DOCUMENT_BYTES,
  sandboxAccess: 'create',
})

export const stateSchema = operation({
  id: 'stateSchema',
  capability: 'state',
  method: 'GET',
  path: '/state/schema',
  scope: 'sandbox',
  embedded: 'state.schema',
  summary: 'Read the JSON Schema of state documents and fixtures',
  outcome: 'The schema',
  out: Type.Object({}, { additionalProperties: true }),
})

export const downloadBackup = operation({
  id: 'downloadBackup',
  capability: 'state',
  method: 'GET',
  path: '/backups/:id',
  scope: 'sandbox',
  embedded: 'backups.download',
  summary: 'Download the file of a finished backup whose API has no route for it',
  description: 'Not part of any API. The id is the one that the API gives the backup in its storage.',
  in: { path: Type.Object({ id: Type.String() }) },
  outcome: 'The file',
  kind: 'file',
  out: Type.String({ format: 'binary' }),
  media: 'application/octet-stream',
})

export const listTables = operation({
  id: 'listTables',
  capability: 'state',
  method: 'GET',
  path: '/tables',
  scope: 'sandbox',
  embedded: 'tables.list',
  summary: 'List the tables of the APIs with the numbers of their rows',
  outcome: 'By API',
  out: wire.TableList,
})

export const readTable = operation({
  id: 'readTable',
  capability: 'state',
  method: 'GET',
  path: '/tables/:table',
  scope: 'sandbox',
  embedded: 'tables.read',
  summary: 'Read rows of a table, without secrets',
  description: 'For people who look at the data. `GET /__admin/state` exports everything, and can be imported.',
  in: { path: wire.TablePath, query: wire.TableQuery },
  outcome: 'The rows',
  out: wire.Table,
})

export const downloadRowFile = operation({
  id: 'downloadRowFile',
  capability: 'state',
  method: 'GET',
  path: '/tables/:table/file',
  scope: 'sandbox',
  embedded: 'tables.file',
  summary: 'Download the file that a row stands for, without faults and without an entry in the journal',
  description: 'The same bytes as clients get from the API, which needs no credentials here.',
  in: { path: wire.TablePath, query: wire.RowQuery },
  outcome: 'The file',
  kind: 'file',
  out: Type.String({ format: 'binary' }),
  media: 'application/octet-stream',
})

export const exportBundle = operation({
  id: 'exportBundle',
  capability: 'state',
  method: 'GET',
  path: '/bundle',
  scope: 'sandbox',
  embedded: 'state.bundle',
  summary: 'Export state, journal and explanations of the sandbox as one zip, without secrets',
  description:
    'For bug reports. Contains state.json (the state document; it cannot be imported, because its secrets are redacted), requests.har ' +
    '(the journal) and explanations.json (why each request was answered as it was).',
  outcome: 'The zip',
  kind: 'file',
  async: true,
  out: Type.String({ format: 'binary' }),
  media: 'application/zip',
})

export const listSnapshots = operation({
  id: 'listSnapshots',
  capability: 'state',
  method: 'GET',
  path: '/snapshots',
  scope: 'sandbox',
  embedded: 'snapshots.list',
  summary: 'List the snapshots of all sandboxes',
  outcome: 'By name',
  out: wire.SnapshotList,
})

export const takeSnapshot = operation({
  id: 'takeSnapshot',
  capability: 'state',
  method: 'POST',
  path: '/snapshots',
  scope: 'sandbox',
  embedded: 'snapshots.take',
  summary: 'Save everything that the sandbox contains under a name',
  in: { body: wire.Snapshot },
  outcome: 'The snapshot',
  out: wire.Snapshot,
  status: 201,
  errors: ['limit'],
})

export const restoreSnapshot = operation({
  id: 'restoreSnapshot',
  capability: 'state',
  method: 'POST',
  path: '/snapshots/:name/restore',
  scope: 'sandbox',
  embedded: 'snapshots.restore',
  summary: 'Replace everything that the sandbox contains with a snapshot',
  in: { path: SnapshotPath },
  outcome: 'Restored',
  sandboxAccess: 'create',
})

export const dropSnapshot = operation({
  id: 'dropSnapshot',
  capability: 'state',
  method: 'DELETE',
  path: '/snapshots/:name',
  scope: 'sandbox',
  embedded: 'snapshots.drop',
  summary: 'Delete a snapshot',
  in: { path: SnapshotPath },
  outcome: 'Deleted',
})
