// disaster-recovery-files: the state and the archive of a file, for people who look at the tables.
import type { RowView } from '../api.ts'
import { archiveOf } from './archive.ts'
import { statusOf } from './service/files.ts'
import type { RecoveryFile } from './state.ts'

const files: RowView<RecoveryFile> = {
  stateOf: (_sandbox, file, now) =>
    file.expiresAt <= now ? 'Expired' : ['Generated', ...statusOf(file, now)].join(', '),
  fileOf: ({ settings }, file, now) => (file.expiresAt <= now ? undefined : () => archiveOf(settings, file)),
}

export const rowViews = { files }
