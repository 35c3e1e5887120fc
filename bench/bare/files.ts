// The baseline's disaster recovery files: the list as JSON and as a page.
import { type Static, Type } from '@sinclair/typebox'
import type { Database } from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import { bearerOf, escapeHtml } from './common.ts'
import { type Data, instantOrNull, isoSeconds } from './data.ts'

const File = Type.Object({
  generatedDate: Type.String(),
  expiresDate: Type.String(),
  id: Type.String(),
  status: Type.Array(Type.String()),
  filename: Type.String(),
})

interface Row {
  id: number
  generatedAt: number
  expiresAt: number
  savedAt: number | null
  downloadedAt: number | null
  filename: string
}

export function addFiles(app: FastifyInstance, db: Database, { state, answers, styles }: Data): void {
  db.exec(`CREATE TABLE user (username TEXT PRIMARY KEY, apiKey TEXT UNIQUE, apiRead INTEGER NOT NULL) STRICT;
    CREATE TABLE session (token TEXT PRIMARY KEY, username TEXT NOT NULL, expiresAt INTEGER NOT NULL) STRICT;
    CREATE TABLE file (id INTEGER PRIMARY KEY, generatedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, savedAt INTEGER,
      downloadedAt INTEGER, filename TEXT NOT NULL) STRICT`)
  const { users, sessions, files } = state['disaster-recovery-files']
  const insertUser = db.prepare('INSERT INTO user VALUES (?, ?, ?)')
  for (const { username, apiKey, apiRead } of users) insertUser.run(username, apiKey, Number(apiRead))
  const insertSession = db.prepare('INSERT INTO session VALUES (?, ?, ?)')
  for (const { token, username, expiresAt } of sessions) insertSession.run(token, username, Date.parse(expiresAt))
  const insertFile = db.prepare('INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)')
  const filenames = new Map(answers.files.map(({ id, filename }) => [Number(id), filename]))
  for (const { id, generatedAt, expiresAt, savedAt, downloadedAt } of files) {
    const filename = filenames.get(id) ?? `${id}.7z`
    const instants = [
      Date.parse(generatedAt),
      Date.parse(expiresAt),
      instantOrNull(savedAt),
      instantOrNull(downloadedAt),
    ]
    insertFile.run(id, ...instants, filename)
  }

  const findUser = db.prepare<[string | undefined], { apiRead: number }>('SELECT * FROM user WHERE apiKey = ?')
  const findSession = db.prepare<[string | undefined, number], { username: string }>(
    'SELECT username FROM session WHERE token = ? AND expiresAt > ?',
  )
  const listFiles = db.prepare<[number], Row>('SELECT * FROM file WHERE expiresAt > ? ORDER BY id')
  const newestFiles = db.prepare<[number], Row>('SELECT * FROM file WHERE expiresAt > ? ORDER BY generatedAt DESC')

  app.get(
    '/backend/api/v1/disasterRecoveryFiles/',
    { schema: { response: { 200: Type.Array(File), 401: Type.Null() } } },
    (request, reply) => {
      const now = Date.now()
      if (!findUser.get(bearerOf(request))?.apiRead) return reply.code(401).send()
      const found = listFiles.all(now).map(
        (row): Static<typeof File> => ({
          generatedDate: isoSeconds(row.generatedAt),
          expiresDate: isoSeconds(row.expiresAt),
          id: String(row.id),
          status: [statusOf(row, now)],
          filename: row.filename,
        }),
      )
      return reply.send(found)
    },
  )

  app.get('/billing-platform/disaster-recovery-files', (request, reply) => {
    const now = Date.now()
    const session = findSession.get(request.headers.cookie?.split('=')[1], now)
    if (!session) return reply.redirect('/billing-platform/sign-in', 303)
    return reply.type('text/html; charset=utf-8').send(page(session.username, newestFiles.all(now), now, styles.files))
  })
}

function statusOf({ savedAt, downloadedAt }: Row, now: number): string {
  if (downloadedAt !== null) return 'Downloaded'
  return savedAt !== null && savedAt <= now ? 'Saved' : 'Generated'
}

function time(instant: number): string {
  const iso = isoSeconds(instant)
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`
}

function page(username: string, rows: Row[], now: number, style: string): string {
  const lines = rows.map(row => {
    const name = escapeHtml(row.filename)
    const status = statusOf(row, now)
    return `<tr><td>${name}</td><td class="status"><span class="mark ${status.toLowerCase()}">${status}</span></td>\
<td class="dates">${time(row.generatedAt)}</td><td>${time(row.expiresAt)}</td>\
<td><a href="/billing-platform/disaster-recovery-files/${row.id}" aria-label="Download ${name}">Download</a></td></tr>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Disaster Recovery Files</title>
<style>${style}</style>
</head>
<body>
<header><b>SAFE Billing Platform</b><span>${escapeHtml(username)}<form method="post" action="/billing-platform/sign-out"><button>Sign out</button></form></span></header>
<nav aria-label="Main menu"><a href="/billing-platform/disaster-recovery-files" aria-current="page">Disaster Recovery Files</a><a href="/billing-platform/archive-password">Request Archive Password</a><a href="/billing-platform/api-key">API Key</a></nav>
<main>
<h1>Disaster Recovery Files</h1>
<p>Disaster Recovery Files are automatic, encrypted backup archives of your data. To open one you need the
<a href="/billing-platform/archive-password">archive password</a>.</p>
<ul><li><span class="mark downloaded">Downloaded</span> you have already downloaded this file.</li><li><span class="mark saved">Saved</span> the file has been saved to backup storage but you have not downloaded it yet.</li><li><span class="mark new">Generated</span> the file has not been saved to backup storage yet.</li></ul>
<table>
<caption>Files: ${rows.length}</caption>
<thead><tr><th scope="col">Filename</th><th scope="col">Status</th><th scope="col" class="dates">Generated (UTC)</th><th scope="col">Expires (UTC)</th><th scope="col">Download</th></tr></thead>
<tbody>${lines.join('\n')}</tbody>
</table>
</main>
</body>
</html>
`
}
