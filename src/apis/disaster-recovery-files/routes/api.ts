// The routes of the Disaster Recovery Files API: HTTP and JSON on one side, the service on the other.
import type { FastifyRequest } from 'fastify'
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { negotiate } from '../../../http/negotiate.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { empty, json, partOf } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { addVary } from '../../../http/vary.ts'
import { catalogue, failuresOf } from '../errors.ts'
import * as service from '../service/files.ts'
import { ARCHIVE, DOWNLOADED, SEVEN_ZIP, sendFile, type ToWire, TRANSFERS, tags, wireFiles } from './common.ts'

// With the charset that the response has; negotiation accepts it with or without.
const JSON_TYPE = 'application/json; charset=utf-8'

const FILE: wire.DisasterRecoveryFile = {
  generatedDate: '2026-06-01T02:00:00Z',
  expiresDate: '2026-06-08T02:00:00Z',
  id: '123',
  status: ['Saved'],
  filename: 'database-backup-2026-06-01.7z',
}
const security = [{ disasterRecoveryKey: [] }]

const COMMON: Provenance[] = [
  { behaviour: 'Paths, fields and their meaning; only files that have not expired; read-only', mark: 'documented' },
  { behaviour: 'Bearer key; read access to the API is required', mark: 'documented', source: 'API introduction' },
  { behaviour: 'Without data-protection download access requests are denied', mark: 'documented' },
  {
    behaviour: 'Error body, and all codes except 404102; they consist of the status and a reason number',
    mark: 'inferred',
  },
  { behaviour: 'Checks in the order 401, 403, 404', mark: 'inferred' },
  { behaviour: 'Dates in ISO 8601, in UTC; id as a string; names of the status flags', mark: 'inferred' },
  {
    behaviour: 'Kinds of file, frequency of invoices, retention',
    mark: 'documented',
    source: 'the Disaster Recovery Files guide',
  },
  { behaviour: 'Generation times, file names, ten minutes until a file is saved', mark: 'inferred' },
]

export function apiRoutes(app: TypedApp): void {
  // On errors too: which error a client gets can depend on its Accept header.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    addVary(reply, 'Accept')
    done()
  })
  const toWire = wireFiles()
  listFiles(app, toWire)
  getFile(app, toWire)
}

function listFiles(app: TypedApp, toWire: ToWire): void {
  // The platform's samples omit the trailing slash that the API document has. Only the documented path is in the OpenAPI document.
  for (const [url, hide] of [['/disasterRecoveryFiles', true] as const, ['/disasterRecoveryFiles/', false] as const]) {
    app.get(
      url,
      {
        schema: {
          hide,
          operationId: 'listDisasterRecoveryFiles',
          summary: 'List all available files',
          description: 'The files that have not expired, by ascending ID. The trailing slash is optional.',
          tags,
          security,
          querystring: wire.DisasterRecoveryFileQuery,
          response: {
            200: json('The files that have not expired.', wire.DisasterRecoveryFileList, { example: [FILE] }),
            ...failuresOf('InvalidRequest'),
          },
          'x-provenance': [
            ...COMMON,
            { behaviour: 'The list is JSON regardless of Accept', mark: 'documented' },
            { behaviour: "A bare array, as the platform's other lists are documented", mark: 'inferred' },
            {
              behaviour:
                "limit, offset, idAfter, createdSince, updatedSince, as the platform's other lists are documented",
              mark: 'inferred',
            },
            { behaviour: 'All files without limit; at most 1000 with it; ascending by ID', mark: 'inferred' },
          ] satisfies Provenance[],
        },
      },
      request => {
        const scope = scopeOf(request)
        return service.listFiles(scope, request.query).map(file => toWire(file, scope.now))
      },
    )
  }
}

function getFile(app: TypedApp, toWire: ToWire): void {
  const details = json('The details of the file, or the file itself.', wire.DisasterRecoveryFile, { example: FILE })
  app.get(
    '/disasterRecoveryFiles/:id',
    {
      schema: {
        operationId: 'getDisasterRecoveryFile',
        summary: 'Fetch the file with the specified ID',
        description:
          "The file's details or the file itself, depending on the Accept header: application/json or none for the details, " +
          'application/x-7z-compressed for the encrypted archive.',
        tags,
        security,
        params: wire.DisasterRecoveryFileParams,
        response: {
          200: { ...details, content: { ...details.content, ...ARCHIVE } },
          206: partOf(ARCHIVE),
          304: empty('The client has this archive already.'),
          ...failuresOf('FileNotFound', 'NotAcceptable', 'PreconditionFailed', 'RangeNotSatisfiable'),
        },
        'x-provenance': [
          ...COMMON,
          { behaviour: 'Accept chooses between details and archive; details without it', mark: 'documented' },
          { behaviour: 'Details for */*; q-values; 406, after 404, when neither is acceptable', mark: 'inferred' },
          { behaviour: '404 with error code 404102 when not found or expired', mark: 'documented' },
          { behaviour: 'One platform-wide password, never returned', mark: 'documented' },
          DOWNLOADED,
          TRANSFERS,
          {
            behaviour: 'Database backups are CSV tables; invoice bundles PDFs with call-detail CSVs',
            mark: 'documented',
            source: 'the Disaster Recovery Files guide',
          },
          { behaviour: 'Columns, names and amount of data in archives', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const file = service.getFile(scope, request.params.id)
      const type = acceptedOf(request, [JSON_TYPE, SEVEN_ZIP])
      if (type === JSON_TYPE) return reply.send(toWire(file, scope.now))
      return sendFile(request, reply, file)
    },
  )
}

/** The available media type that the client prefers. Throws NotAcceptable. */
function acceptedOf<T extends string>({ headers }: FastifyRequest, available: readonly T[]): T {
  const type = negotiate(headers.accept, available)
  if (type !== undefined) return type
  const types = available.map(each => each.split(';')[0]).join(' or ')
  throw catalogue.error('NotAcceptable', { message: `This resource is available as ${types}.` })
}
