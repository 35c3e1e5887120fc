// DS Cloud: computes the keys of large backups in a worker thread. Imports little, because each start of the thread loads it.
import { parentPort } from 'node:worker_threads'
import { digest } from '../../../archives/archive.ts'
import type { App } from '../state.ts'
import { type BackupContent, buildArchive, KEY_ALGORITHM, sharedAttachments } from './contents.ts'

export interface KeyInput {
  /** Of the server. */
  seed: string
  app: App
  backup: BackupContent
}

const attachments = sharedAttachments()

parentPort?.on('message', async ({ seed, app, backup }: KeyInput) => {
  parentPort?.postMessage(await digest(buildArchive(seed, app, backup, attachments), KEY_ALGORITHM))
})
