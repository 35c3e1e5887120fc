// The requests and responses of the baseline's a9s.
import { Type } from '@sinclair/typebox'
import { nullableText } from './common.ts'

export const Problem = Type.Object({ message: Type.String() })
export const Instance = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  state: Type.String(),
  service_id: Type.String(),
  plan_id: Type.String(),
  tenant_id: Type.String(),
  tenant_name: Type.String(),
  subtenant_id: Type.String(),
  subtenant_name: Type.String(),
  urls: Type.Array(Type.String()),
  available_updates: Type.Array(Type.String()),
  created_at: Type.String(),
  updated_at: Type.String(),
  data: Type.Object({ set: Type.String(), rows: Type.Integer() }),
})
export const Config = Type.Object({
  min_backup_count: Type.Integer(),
  retention_time: Type.Integer(),
  min_encryption_key_length: Type.Integer(),
  exclude_from_auto_backup: Type.Boolean(),
})
export const Backup = Type.Object({
  id: Type.Integer(),
  backup_id: Type.String(),
  size: Type.Integer(),
  status: Type.String(),
  triggered_at: Type.String(),
  started_at: nullableText,
  finished_at: nullableText,
  downloadable: Type.Boolean(),
})
export const Restore = Type.Object({
  id: Type.Integer(),
  backup_id: Type.Integer(),
  metadata: Type.Object({ restored_from: Type.String() }),
  status: Type.String(),
  triggered_at: Type.String(),
  finished_at: nullableText,
})
export const Queued = Type.Object({ id: Type.Integer(), message: Type.String() })
export const PrepareRequest = Type.Object({ encryption_key: Type.Optional(Type.String({ minLength: 8 })) })
export const Prepared = Type.Object({ backup_guid: Type.String() })
