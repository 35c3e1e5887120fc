// arcgis: backup stores are registered, changed, validated and unregistered, over HTTP.
import t, { type Test } from 'tap'
import { boot } from '../../helpers.ts'
import { ADMIN, createPath, errorOf, type Fields, get, post, storePath, tokenOf } from './client.ts'

const STORES = `${ADMIN}/system/disasterrecovery/stores`
const HOSTED = {
  type: 'HOSTED',
  storageConfig: {
    provisioningType: 'STATIC',
    storageClass: 'backups',
    size: '64Gi',
    labels: { 'arcgis/purpose': 'backups' },
  },
}
const S3 = {
  type: 'S3',
  provider: {
    name: 'AWS',
    cloudServices: [
      {
        name: 'AWS S3',
        type: 'objectStore',
        usage: 'BACKUP',
        connection: {
          bucketName: 'my-bucket',
          region: 'eu-west-1',
          rootDir: 'backups',
          credential: { type: 'ACCESS-KEY', secret: { secretAccessKey: 'never-stored-key' } },
        },
        category: 'storage',
      },
    ],
  },
}

async function start(t: Test) {
  const server = await boot(t)
  const token = await tokenOf(server)
  const read = async (path: string) => (await get(server, path, { token })).json
  const send = async (path: string, fields: Fields = {}) => (await post(server, path, { token, ...fields })).json
  const register = (storeName: string, settings: unknown, fields: Fields = {}) =>
    send(`${STORES}/register`, { storeName, settings: JSON.stringify(settings), isDefault: 'false', ...fields })
  const names = async () => (await read(STORES)).backupStores.map(({ name }: { name: string }) => name)
  return { server, token, read, send, register, names }
}

t.test('listBackupStores and getBackupStore', async t => {
  const { read, send } = await start(t)
  const list = await read(STORES)
  t.match(list.backupStores, [
    { name: 'backupStore', default: false },
    {
      default: true,
      storageConfig: { storageClass: 'backups', size: '64Gi', provisioningType: 'DYNAMIC' },
      identity: /^[0-9a-z]{20}$/,
      name: 'backupsDefault',
      identityKey: /^[\w+/]{43}=$/,
      rootDir: 'rootdir',
      type: 'HOSTED',
      versionCreated: '10.9.1',
      providerID: String,
      serviceID: String,
    },
    { name: 'fullStore', default: false },
  ])
  t.same(await send(STORES), list, 'POST returns the same')
  const { default: isDefault, storageConfig, identity, name, rootDir, type } = list.backupStores[1]
  t.same(await read(`${STORES}/backupsDefault`), { default: isDefault, storageConfig, identity, name, rootDir, type })
  t.same(await read(`${STORES}/nowhere`), errorOf(404, 'The backup store nowhere was not found.'))
})

t.test('registerBackupStore: hosted and in a cloud', async t => {
  const { server, read, register, names } = await start(t)
  t.same(await register('hosted', HOSTED), { status: 'success', name: 'hosted' })
  t.match(await read(`${STORES}/hosted`), { default: false, type: 'HOSTED', storageConfig: HOSTED.storageConfig })
  t.same(await register('cloud', S3, { isDefault: 'true' }), { status: 'success', name: 'cloud' })
  const { backupStores } = await read(STORES)
  t.match(backupStores.at(-1), {
    name: 'cloud',
    default: true,
    type: 'S3',
    bucketName: 'my-bucket',
    region: 'eu-west-1',
    rootDir: 'backups',
  })
  t.equal(backupStores.filter((store: { default: boolean }) => store.default).length, 1, 'one store is the default')
  t.same(await names(), ['backupStore', 'backupsDefault', 'fullStore', 'hosted', 'cloud'])
  t.notMatch(JSON.stringify(server.default.state.export()), 'never-stored-key')
  t.notMatch(JSON.stringify(server.default.requests.list()), 'never-stored-key', 'not in the journal either')
})

t.test('registerBackupStore: async=true registers by a job', async t => {
  const { server, read, register, names } = await start(t)
  const { jobid, jobsUrl, status } = await register('later', HOSTED, { async: 'true' })
  t.equal(status, 'SUBMITTED')
  t.equal(jobsUrl, `${server.url}${ADMIN}/jobs/${jobid}`)
  t.match(await read(`${ADMIN}/jobs/${jobid}`), { status: 'SUBMITTED', operationURI: `${STORES}/register` })
  t.notOk((await names()).includes('later'))
  server.default.clock.advance({ by: '1m' })
  t.match(await read(`${ADMIN}/jobs/${jobid}`), { status: 'COMPLETED' })
  t.ok((await names()).includes('later'))
  server.default.jobs.addRule({ operation: 'registerBackupStore', outcome: { result: 'fail', reason: 'No volume.' } })
  const failing = await register('never', HOSTED, { async: 'true' })
  server.default.clock.advance({ by: '1m' })
  t.match(await read(`${ADMIN}/jobs/${failing.jobid}`), { status: 'FAILED', messages: ['No volume.'] })
  t.notOk((await names()).includes('never'))
})

t.test('registerBackupStore: refusals, after which nothing has changed', async t => {
  const { register, send, names } = await start(t)
  const before = await names()
  const storage = (changes: object) => ({ type: 'HOSTED', storageConfig: { ...HOSTED.storageConfig, ...changes } })
  const noBucket = structuredClone(S3)
  Reflect.deleteProperty(noBucket.provider.cloudServices[0]?.connection ?? {}, 'bucketName')
  const refused = [
    {
      settings: storage({ size: '15Gi' }),
      message: 'The field settings.storageConfig.size must be at least 16Gi, such as 64Gi.',
    },
    {
      settings: storage({ size: 'large' }),
      message: 'The field settings.storageConfig.size must be at least 16Gi, such as 64Gi.',
    },
    {
      settings: storage({ provisioningType: 'DYNAMIC' }),
      message: 'The field settings.storageConfig.labels is only for the provisioning type STATIC.',
    },
    {
      settings: { type: 'HOSTED', storageConfig: { size: '64Gi' } },
      message: 'The field settings.storageConfig.provisioningType is required.',
    },
    {
      settings: noBucket,
      message: 'The field settings.provider.cloudServices.0.connection.bucketName is required.',
    },
  ]
  for (const { settings, message } of refused) {
    t.same(await register('refused', settings), errorOf(400, message, [message]))
  }
  t.match(await register('refused', { type: 'FTP' }), {
    error: { code: 400, message: /settings\.type must be one of/ },
  })
  t.same(await register('backupStore', HOSTED), errorOf(400, 'The backup store backupStore is registered already.'))
  t.match(await send(`${STORES}/register`, { storeName: 'x' }), { error: { code: 400 } })
  t.same(await names(), before)
})

t.test('unregisterBackupStore: backups are inaccessible until the store is registered again', async t => {
  const { server, read, send, register, names } = await start(t)
  await send(createPath('backupsDefault'), { name: 'kept', passcode: 'passcode' })
  server.default.clock.advance({ by: '2m' })
  t.same(await send(`${STORES}/backupsDefault/unregister`), { status: 'success' })
  t.same(await names(), ['backupStore', 'fullStore'])
  const missing = errorOf(404, 'The backup store backupsDefault was not found.')
  t.same(await read(storePath('backupsDefault')), missing)
  t.same(await read(`${storePath('backupsDefault')}/kept`), missing)
  t.same(await send(createPath('backupsDefault'), { name: 'no', passcode: 'passcode' }), missing)
  t.same(await send(`${STORES}/backupsDefault/unregister`), missing)
  t.same(await register('backupsDefault', HOSTED), { status: 'success', name: 'backupsDefault' })
  t.match((await read(storePath('backupsDefault'))).backups, [{ backupName: 'kept' }])
  t.match(await read(`${STORES}/backupsDefault`), { default: false, storageConfig: HOSTED.storageConfig })
})

t.test('updateBackupStore: the default store', async t => {
  const { read, send } = await start(t)
  const defaults = async () =>
    (await read(STORES)).backupStores.flatMap((store: { default: boolean; name: string }) =>
      store.default ? [store.name] : [],
    )
  const update = (store: string, settings: string) => send(`${STORES}/${store}/update`, { settings })
  t.same(await defaults(), ['backupsDefault'])
  t.same(await update('backupStore', '{"default": true, "supportBDSBackup": false}'), { status: 'success' })
  t.same(await defaults(), ['backupStore'])
  t.same(await update('backupStore', '{"default": false}'), { status: 'success' })
  t.same(await defaults(), [])
  t.match(await update('backupStore', '{"default": "yes"}'), {
    error: { code: 400, message: /settings\.default must be/ },
  })
  t.same(await update('nowhere', '{"default": true}'), errorOf(404, 'The backup store nowhere was not found.'))
})

t.test('validateBackupStore: whether the store can take a backup', async t => {
  const { send } = await start(t)
  t.equal(JSON.stringify(await send(`${STORES}/backupStore/validate`)), '{"isReady":true,"status":"success"}')
  t.same(await send(`${STORES}/fullStore/validate`), { isReady: false, status: 'success' })
})
