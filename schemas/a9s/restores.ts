// Schemas of a9s: restores.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'
import { A9sInstanceParams } from './instances.ts'

export const A9sRestoreParams = Type.Object({
  ...A9sInstanceParams.properties,
  restore_id: Type.String({
    description: 'The internal ID of the restore within the Service Instance',
    examples: ['1'],
  }),
})

export const A9sRestore = Type.Object(
  {
    id: Type.Integer({ description: 'The internal ID of the restore within the Service Instance' }),
    backup_id: Type.Integer({ description: 'The internal ID of the backup within the Service Instance' }),
    metadata: Type.Object(
      {
        restored_from: Type.String({
          format: 'date-time',
          description: 'The creation date of the backup used for the restore',
        }),
      },
      strict,
    ),
    status: literals(['queued', 'running', 'done', 'failed', 'deleted'], { description: 'The state of the restore' }),
    triggered_at: Type.String({ format: 'date-time' }),
    finished_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'null until the restore has ended',
    }),
  },
  { $id: 'A9sRestore', ...strict },
)
export type A9sRestore = Static<typeof A9sRestore>

export const A9sRestoreList = Type.Array(A9sRestore, { $id: 'A9sRestoreList' })
