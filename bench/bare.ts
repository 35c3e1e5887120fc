// The baseline: the same two operations written by hand with Fastify, TypeBox and better-sqlite3.
import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import Database from 'better-sqlite3'
import Fastify, { type FastifyRequest } from 'fastify'

const File = Type.Object({
  generatedDate: Type.String(),
  expiresDate: Type.String(),
  id: Type.String(),
  status: Type.Array(Type.String()),
  filename: Type.String(),
})
type File = Static<typeof File>
const PrepareRequest = Type.Object({ encryption_key: Type.Optional(Type.String({ minLength: 8 })) })
const PrepareResponse = Type.Object({ backup_guid: Type.String() })

const db = new Database(':memory:')
db.exec(`CREATE TABLE key (key TEXT PRIMARY KEY) STRICT;
  CREATE TABLE file (id INTEGER PRIMARY KEY, generatedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, status TEXT NOT NULL,
    filename TEXT NOT NULL) STRICT;
  CREATE TABLE token (token TEXT PRIMARY KEY) STRICT;
  CREATE TABLE instance (id TEXT PRIMARY KEY, backupGuid TEXT NOT NULL, encryptionKey TEXT) STRICT;
  INSERT INTO key VALUES ('YOUR_API_KEY');
  INSERT INTO token VALUES ('demo-token');
  INSERT INTO instance VALUES ('10000000-0000-4000-8000-000000000001', '3a2e59ee-40cb-472a-91d0-502ab259918c', NULL);`)
const insertFile = db.prepare('INSERT INTO file VALUES (?, ?, ?, ?, ?)')
const rows: File[] = process.argv[2] === undefined ? [] : JSON.parse(readFileSync(process.argv[2], 'utf8'))
for (const { id, generatedDate, expiresDate, status, filename } of rows) {
  insertFile.run(Number(id), Date.parse(generatedDate), Date.parse(expiresDate), JSON.stringify(status), filename)
}

const findKey = db.prepare('SELECT 1 FROM key WHERE key = ?')
const listFiles = db.prepare<
  [number],
  { id: number; generatedAt: number; expiresAt: number; status: string; filename: string }
>('SELECT * FROM file WHERE expiresAt > ? ORDER BY id')
const findToken = db.prepare('SELECT 1 FROM token WHERE token = ?')
const findInstance = db.prepare<[string], { backupGuid: string }>('SELECT * FROM instance WHERE id = ?')
const setKey = db.prepare('UPDATE instance SET encryptionKey = ? WHERE id = ?')

const app = Fastify()
const bearer = ({ headers }: FastifyRequest) => headers.authorization?.replace(/^bearer /i, '')
const isoSeconds = (instant: number) => `${new Date(instant).toISOString().slice(0, 19)}Z`

app.get(
  '/backend/api/v1/disasterRecoveryFiles/',
  { schema: { response: { 200: Type.Array(File), 401: Type.Null() } } },
  (request, reply) => {
    if (!findKey.get(bearer(request))) return reply.code(401).send()
    const files = listFiles.all(Date.now()).map(({ id, generatedAt, expiresAt, status, filename }) => ({
      generatedDate: isoSeconds(generatedAt),
      expiresDate: isoSeconds(expiresAt),
      id: String(id),
      status: JSON.parse(status),
      filename,
    }))
    return reply.send(files)
  },
)

app.post<{ Params: { id: string }; Body: Static<typeof PrepareRequest> }>(
  '/v1/instances/:id/disaster-recovery/prepare',
  { schema: { body: PrepareRequest, response: { 200: PrepareResponse, 401: Type.Null(), 404: Type.Null() } } },
  (request, reply) => {
    if (!findToken.get(bearer(request))) return reply.code(401).send()
    const instance = findInstance.get(request.params.id)
    if (!instance) return reply.code(404).send()
    const { encryption_key } = request.body
    if (encryption_key !== undefined) setKey.run(encryption_key, request.params.id)
    return reply.send({ backup_guid: instance.backupGuid })
  },
)

console.log(JSON.stringify({ url: await app.listen({ port: 0, host: '127.0.0.1' }) }))
