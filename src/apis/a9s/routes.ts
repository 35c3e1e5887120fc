// a9s: the routes of the operations on an instance, by subject in routes/.
import type { TypedApp } from '../../http/mount.ts'
import { disasterRecovery } from './routes/disaster-recovery.ts'
import { restores } from './routes/restores.ts'

export function routes(app: TypedApp): void {
  disasterRecovery(app)
  restores(app)
}
