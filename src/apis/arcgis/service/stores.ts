// arcgis: the rules for registering, changing and removing backup stores. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import { BackupStoreSettings, StoreUpdate } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult } from '../../../sandbox/jobs/plan.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API, DEFAULT_TIME_LIMIT_MS, newJobId, Origin, SUBMITTED_PHASE } from './jobs.ts'
import { invalid, parseJson } from './json.ts'

const MIN_GIBIBYTES = 16
const GIBIBYTES: Record<string, number> = {
  Mi: 1 / 1024,
  Gi: 1,
  Ti: 1024,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
  T: 1e12 / 2 ** 30,
}

const RegisterSubject = Type.Object({ ...Origin.properties, store: state.stores.row })
type RegisterSubject = Static<typeof RegisterSubject>

export const registerKind: JobKind<RegisterSubject> = {
  operation: 'registerBackupStore',
  subject: RegisterSubject,
  phases: [SUBMITTED_PHASE, { name: 'Validation', ms: 2_000 }, { name: 'Provision storage', ms: 12_000 }],
  timeLimitMs: DEFAULT_TIME_LIMIT_MS,
  ended({ store }, { ending, subject }) {
    if (hasResult(ending) && !isRegistered(store, subject.store.name)) save(store, subject.store)
  },
}

/** The registered store. Throws UnknownStore. */
export function findStore({ sandbox }: Pick<Scope, 'sandbox'>, name: string): state.BackupStore {
  const found = state.findStore(sandbox.store, name)
  if (found?.isRegistered) return found
  throw catalogue.error('UnknownStore', { message: `The backup store ${name} was not found.` })
}

/** In order of registration. */
export function listStores({ sandbox }: Scope): state.BackupStore[] {
  return state.listStores(sandbox.store)
}

export interface StoreRequest {
  storeName: string
  /** JSON. */
  settings: string
  isDefault: boolean
}

/** Registers the store now. Backups that it held before it was unregistered are accessible again. Throws StoreExists. */
export function registerStore(scope: Scope, request: StoreRequest): void {
  const row = newStore(scope, request)
  scope.sandbox.store.transaction(() => save(scope.sandbox.store, row))
}

/** Submits a job that registers the store when it completes, and returns its id. Throws StoreExists. */
export function submitRegistration(scope: Scope, request: StoreRequest, origin: Origin): string {
  const subject: RegisterSubject = { ...origin, store: newStore(scope, request) }
  const id = newJobId(scope)
  scope.sandbox.jobs.submit({ api: API, id, kind: 'register', subject, outcome: { result: 'success' } }, scope.now)
  return id
}

/** Throws InvalidParameter and StoreExists. */
function newStore({ sandbox }: Scope, { storeName, settings, isDefault }: StoreRequest): state.BackupStore {
  const storage = storageOf(settings)
  if (isRegistered(sandbox.store, storeName)) {
    throw catalogue.error('StoreExists', { message: `The backup store ${storeName} is registered already.` })
  }
  return { name: storeName, isDefault, volumeFull: false, isRegistered: true, ...storage }
}

function isRegistered(store: Scope['sandbox']['store'], name: string): boolean {
  return state.findStore(store, name)?.isRegistered ?? false
}

function save(store: Scope['sandbox']['store'], row: state.BackupStore): void {
  state.saveStore(store, row)
  if (row.isDefault) state.setDefaultStore(store, row.name, true)
}

type Storage = Pick<state.BackupStore, 'storage' | 'volume' | 'cloud' | 'rootDirectory'>

/** What is stored of the settings; credentials are not. Throws InvalidParameter. */
function storageOf(text: string): Storage {
  const settings = parseJson('settings', BackupStoreSettings, text)
  if (settings.type === 'HOSTED') {
    const volume = volumeOf('settings.storageConfig', settings.storageConfig)
    return { storage: 'hosted', volume, cloud: null, rootDirectory: 'rootdir' }
  }
  const { bucketName, containerName, region, rootDir } = settings.provider.cloudServices[0]?.connection ?? {}
  const container = settings.type === 'S3' ? bucketName : containerName
  if (container === undefined) {
    const field = settings.type === 'S3' ? 'bucketName' : 'containerName'
    throw invalid(`The field settings.provider.cloudServices.0.connection.${field} is required.`, 'settings')
  }
  return {
    storage: settings.type === 'S3' ? 's3' : 'azure-blob',
    volume: state.NO_VOLUME,
    cloud: { container, region: region ?? null },
    rootDirectory: rootDir ?? 'rootdir',
  }
}

interface VolumeRequest {
  provisioningType: 'STATIC' | 'DYNAMIC'
  storageClass?: string
  size: string
  labels?: Record<string, string>
}

/** `field` names the volume in messages. Throws InvalidParameter. */
export function volumeOf(field: string, request: VolumeRequest): state.StorageVolume {
  const { provisioningType, storageClass = 'default', size, labels } = request
  const [, number, unit = ''] = /^(\d+)([MGT]i?)$/.exec(size) ?? []
  const gibibytes = Number(number) * (GIBIBYTES[unit] ?? Number.NaN)
  if (!(gibibytes >= MIN_GIBIBYTES))
    throw invalid(`The field ${field}.size must be at least ${MIN_GIBIBYTES}Gi, such as 64Gi.`, 'settings')
  if (labels !== undefined && provisioningType === 'DYNAMIC') {
    throw invalid(`The field ${field}.labels is only for the provisioning type STATIC.`, 'settings')
  }
  const provisioning = provisioningType === 'STATIC' ? 'static' : 'dynamic'
  return { provisioning, storageClass, size, labels: labels ?? null }
}

/** Its backups are kept, but are inaccessible until the store is registered again. Throws UnknownStore. */
export function unregisterStore(scope: Scope, name: string): void {
  findStore(scope, name)
  state.unregisterStore(scope.sandbox.store, name)
}

/** Throws UnknownStore and InvalidParameter. */
export function updateStore(scope: Scope, name: string, settings: string): void {
  findStore(scope, name)
  const { default: isDefault } = parseJson('settings', StoreUpdate, settings)
  if (isDefault !== undefined) state.setDefaultStore(scope.sandbox.store, name, isDefault)
}

/** Whether the store can take a backup. Throws UnknownStore. */
export function isReady(scope: Scope, name: string): boolean {
  return !findStore(scope, name).volumeFull
}
