// dscloud: its name and its options.
import { flag, type OptionValues, option } from '../../option.ts'
import type { SandboxSettings } from '../../sandbox/sandbox.ts'
import { archiveSize } from '../archive-size.ts'
import { downloadPersonality } from '../download-personality.ts'

export const API = 'dscloud'

export const options = {
  archiveSize,
  downloadPersonality,
  dscloudLimits: option(undefined, 'DS Cloud answers 429 to too many requests or backups', flag, 'false'),
}
export type Options = OptionValues<typeof options>

/** The values of this API's options. */
export function optionsOf({ apiOptions }: SandboxSettings): Options {
  return apiOptions[API] as Options
}
