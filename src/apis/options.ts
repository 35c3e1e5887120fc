// The options that the APIs declare, in the order of the help. Loads nothing else of the APIs, so that commands start faster.
import { options as a9s } from './a9s/options.ts'
import { options as disasterRecoveryFiles } from './disaster-recovery-files/options.ts'
import { options as dscloud } from './dscloud/options.ts'

export const apiOptions = { ...disasterRecoveryFiles, ...a9s, ...dscloud }
