// Part of the build: writes a database with all tables and without rows, which a server copies instead of making the tables.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { apis } from '../src/apis/index.ts'
import { emptyImageOf } from '../src/sandbox/documents.ts'

const CHUNKS = 'dist/chunks/'
const NAME = 'tables.sqlite'

// src/fixtures.ts reads it from its own folder.
const readers = readdirSync(CHUNKS).filter(chunk => readFileSync(CHUNKS + chunk, 'utf8').includes(`"${NAME}"`))
if (readers.length !== 1) throw new Error(`one chunk has to read ${NAME}, but these do: ${readers.join(', ')}`)
writeFileSync(CHUNKS + NAME, emptyImageOf(apis))
