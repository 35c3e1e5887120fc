// DS Cloud: the zip of a backup, for people who look at the tables.
import type { RowView } from '../api.ts'
import { archiveOf } from './archive.ts'
import * as state from './state.ts'

const backups: RowView<state.Backup> = {
  fileOf(sandbox, backup) {
    const app = state.findApp(sandbox.store, backup.appId)
    return app && backup.successful ? () => archiveOf(sandbox, app, backup) : undefined
  },
}

export const rowViews = { backups }
