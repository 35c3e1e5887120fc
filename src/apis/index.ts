// The list of the APIs that a server serves; adding one is one line.
import { a9s } from './a9s/index.ts'
import type { Api } from './api.ts'
import { arcgis } from './arcgis/index.ts'
import { disasterRecoveryFiles } from './disaster-recovery-files/index.ts'
import { dscloud } from './dscloud/index.ts'

export const apis: readonly Api[] = [disasterRecoveryFiles, a9s, dscloud, arcgis]
