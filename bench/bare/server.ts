// The baseline: the measured operations written by hand with Fastify, TypeBox and better-sqlite3, as lean as they can be.
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { addA9s } from './a9s.ts'
import { addArcgis } from './arcgis.ts'
import { addControl } from './control.ts'
import type { Data } from './data.ts'
import { addDscloud } from './dscloud.ts'
import { addFiles } from './files.ts'
import { jobTable } from './jobs.ts'

const [, , path] = process.argv
if (path === undefined) throw new Error('the argument is the JSON file with the data to serve')
const data: Data = JSON.parse(readFileSync(path, 'utf8'))

const db = new Database(':memory:')
const app = Fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(String(body)))),
)
const jobs = jobTable(db, data.state.jobs)
addFiles(app, db, data)
addDscloud(app, db, jobs, data)
addA9s(app, db, jobs, data)
addArcgis(app, db, jobs, data)
addControl(app, db, jobs, data)
console.log(JSON.stringify({ url: await app.listen({ port: 0, host: '127.0.0.1' }) }))
