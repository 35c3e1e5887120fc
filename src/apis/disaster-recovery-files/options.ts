// disaster-recovery-files: its name and its options.
import { nonEmpty, type OptionValues, option } from '../../option.ts'
import type { SandboxSettings } from '../../sandbox/sandbox.ts'
import { archiveSize } from '../archive-size.ts'
import { downloadPersonality } from '../download-personality.ts'

export const API = 'disaster-recovery-files'

export const DEFAULT_PASSWORD = 'firedrill'

export const options = {
  archivePassword: option('TEXT', 'password of disaster recovery files', nonEmpty, DEFAULT_PASSWORD),
  archiveSize,
  downloadPersonality,
}

export type Options = OptionValues<typeof options>

/** The values of this API's options. */
export function optionsOf({ apiOptions }: SandboxSettings): Options {
  return apiOptions[API] as Options
}
