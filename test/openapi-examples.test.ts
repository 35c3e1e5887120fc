// The documented examples of failures are what is sent: each is provoked, and compared with the example of its name.
import t from 'tap'
import { openapiDocument } from '../src/openapi.ts'
import { ADMIN, createPath, encode, FORM, GENERATE, storePath, tokenOf } from './apis/arcgis/client.ts'
import { boot, type Call, call } from './helpers.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-00000000000'
const PERFORM = `${INSTANCE}2/disaster-recovery/perform`
const FILES = '/backend/api/v1/disasterRecoveryFiles/'
const BEARER = { authorization: 'bearer demo-token' }
const KEY = { authorization: 'Bearer YOUR_API_KEY' }
const RESTORE = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
const BACKUP = { name: 'backup_first', passcode: 'passcode' }

const form = (path: string, fields: Record<string, string>): Call => ({
  method: 'POST',
  path,
  headers: FORM,
  body: encode({ f: 'json', ...fields }),
})

interface Case {
  operation: string
  example: string
  /** The last of them gets the answer in question. */
  calls(token: string): Call[]
}

const perform: Call = { method: 'POST', path: PERFORM, headers: BEARER, body: RESTORE }
const cases: Case[] = [
  { operation: 'performDisasterRecovery', example: 'RestoreInProgress', calls: () => [perform, perform] },
  {
    operation: 'prepareDisasterRecovery',
    example: 'NotFound',
    calls: () => [{ method: 'POST', path: `${INSTANCE}9/disaster-recovery/prepare`, headers: BEARER }],
  },
  {
    operation: 'prepareDisasterRecovery',
    example: 'BadRequest',
    calls: () => [
      {
        method: 'POST',
        path: `${INSTANCE}1/disaster-recovery/prepare`,
        headers: { ...BEARER, 'content-type': 'application/json' },
        body: '{',
      },
    ],
  },
  {
    operation: 'listDisasterRecoveryFiles',
    example: 'InvalidRequest',
    calls: () => [{ path: `${FILES}?limit=0`, headers: KEY }],
  },
  {
    operation: 'getDisasterRecoveryFile',
    example: 'NotAcceptable',
    calls: () => [{ path: `${FILES}123`, headers: { ...KEY, accept: 'text/html' } }],
  },
  {
    operation: 'listBackupsByPost',
    example: 'UnknownStore',
    calls: token => [form(storePath('nowhere'), { token })],
  },
  {
    operation: 'createBackup',
    example: 'BackupExists',
    calls: token => Array(2).fill(form(createPath('backupsDefault'), { ...BACKUP, token })),
  },
  {
    operation: 'createBackup',
    example: 'InvalidParameter',
    calls: token => [form(createPath('backupsDefault'), { ...BACKUP, token, f: 'xml' })],
  },
  {
    operation: 'getJobByPost',
    example: 'UnknownJob',
    calls: token => [form(`${ADMIN}/jobs/j7d22f855-2c9f-4934-94e4-93c5e85cd271`, { token })],
  },
  {
    operation: 'generateToken',
    example: 'TokenNotGenerated',
    calls: () => [form(GENERATE, { username: 'siteadmin', password: 'wrong' })],
  },
]

t.test('each is what is sent', async t => {
  const [server, { paths }] = await Promise.all([boot(t), openapiDocument('apis')])
  const token = await tokenOf(server)
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  for (const { operation, example, calls } of cases) {
    const { responses = {} } = operations.find(({ operationId }) => operationId === operation) ?? {}
    const media = Object.values(responses).flatMap(({ content = {} }) => Object.values(content))
    const examples = Object.assign({}, ...media.map(each => each.examples))
    const answers = []
    for (const each of calls(token)) answers.push(await call(server, each))
    t.ok(answers.at(-1)?.json)
    t.strictSame(answers.at(-1)?.json, examples[example]?.value, `${operation} ${example}`)
  }
})
