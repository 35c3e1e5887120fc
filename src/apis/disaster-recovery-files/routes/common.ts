// disaster-recovery-files: what the routes share: the form of a file in responses, and the provenance of common behaviours.
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import { sendDownload } from '../../../http/download.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import { archiveOf } from '../archive.ts'
import { isoSeconds } from '../dates.ts'
import { catalogue } from '../errors.ts'
import { filenameOf } from '../file-kinds.ts'
import { optionsOf } from '../options.ts'
import * as files from '../service/files.ts'
import type { RecoveryFile } from '../state.ts'

export const tags = ['disaster-recovery-files']

export const SEVEN_ZIP = 'application/x-7z-compressed'
export const ARCHIVE = { [SEVEN_ZIP]: { schema: wire.DisasterRecoveryArchive } }

export const DOWNLOADED: Provenance = {
  behaviour: 'The Downloaded flag is set when all bytes of the file were sent, in one response or in ranges',
  mark: 'inferred',
}

export const TRANSFERS: Provenance = {
  behaviour: 'Content-Disposition, ranges, conditions, validators and HEAD',
  mark: 'inferred',
}

const MAX_CACHED_DATES = 10_000

/** `now` in epoch ms. */
export type ToWire = (file: RecoveryFile, now: number) => wire.DisasterRecoveryFile

/** Dates are cached: every list contains the same ones. An LRU cache here would cost a list 4 % of its time. */
export function wireFiles(): ToWire {
  const dates = new Map<number, string>()
  const dateOf = (at: number) => {
    const cached = dates.get(at)
    if (cached !== undefined) return cached
    const date = isoSeconds(at)
    if (dates.size === MAX_CACHED_DATES) dates.clear()
    dates.set(at, date)
    return date
  }
  return (file, now) => {
    const generatedDate = dateOf(file.generatedAt)
    return {
      generatedDate,
      expiresDate: dateOf(file.expiresAt),
      id: String(file.id),
      status: files.statusOf(file, now),
      filename: filenameOf(file.kind, generatedDate),
    }
  }
}

/** Sends the archive of the file, or a part of it. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: RecoveryFile): FastifyReply {
  const scope = scopeOf(request)
  return sendDownload(request, reply, {
    file: String(file.id),
    archive: archiveOf(scope.sandbox.settings, file),
    personality: optionsOf(scope.sandbox.settings).downloadPersonality,
    refuse: status => catalogue.error(status === 412 ? 'PreconditionFailed' : 'RangeNotSatisfiable'),
    sent: (part, sizeBytes) => files.noteSent(scope, file, part, sizeBytes),
  })
}
