// a9s: the routes of the operations on an instance, by subject in routes/.
import type { TypedApp } from '../../http/mount.ts'
import { backups } from './routes/backups.ts'
import { disasterRecovery } from './routes/disaster-recovery.ts'
import { instances } from './routes/instances.ts'
import { restores } from './routes/restores.ts'

export function routes(app: TypedApp): void {
  instances(app)
  backups(app)
  disasterRecovery(app)
  restores(app)
}
