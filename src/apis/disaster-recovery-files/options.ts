// disaster-recovery-files: its options.
import { nonEmpty, type OptionValues, option } from '../../option.ts'

export const options = {
  archivePassword: option('TEXT', 'password of disaster recovery files', nonEmpty, 'firedrill'),
}

export type Options = OptionValues<typeof options>
