// The list of the APIs that a server serves; adding one is one line.
import { a9s } from './a9s/index.ts'
import type { Api } from './api.ts'

export const apis: readonly Api[] = [a9s]
