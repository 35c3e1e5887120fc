// arcgis: the backup stores: listed, registered, changed, validated and unregistered.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { child } from '../frame.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/stores.ts'
import { operation } from './operation.ts'
import { STORE, STORES } from './recovery-samples.ts'
import { resource } from './resource.ts'
import { listedStore, storeBody } from './store-body.ts'
import { jobLinks, originOf, SUCCEEDED, submitted, success } from './submitted.ts'

const STORES_PATH = '/system/disasterrecovery/stores'
const STORE_PATH = `${STORES_PATH}/:storeName`
const ADMIN_CLI = 'Esri/arcgis-gitops enterprise-admin-cli'

export function stores(app: TypedApp): void {
  list(app)
  register(app)
  one(app)
  change(app)
}

function list(app: TypedApp): void {
  resource(app, {
    path: STORES_PATH,
    operationId: 'listBackupStores',
    summary: 'Stores',
    description: 'The backup stores that are registered with the organization.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: { description: 'The registered stores.', schema: wire.ArcgisBackupStoreList, documented: STORES },
    provenance: [
      { behaviour: 'Fields of a store', mark: 'documented', source: 'Stores' },
      {
        behaviour: 'versionCreated, providerID, serviceID, bucketName and region',
        mark: 'client-code',
        source: ADMIN_CLI,
      },
      {
        behaviour: 'Values of identity, identityKey, providerID and serviceID; the order of registration',
        mark: 'inferred',
      },
    ],
    read: ({ scope }) => ({
      backupStores: service.listStores(scope).map(store => listedStore(scope.sandbox.ids, store)),
    }),
    page: {
      shown: ({ backupStores }) => Object.fromEntries(backupStores.map(store => [store.name, store])),
      children: ({ backupStores }) => backupStores.map(({ name }) => child(name)),
      operations: () => [{ name: 'Register', path: 'register' }],
    },
  })
}

function register(app: TypedApp): void {
  operation(app, {
    path: `${STORES_PATH}/register`,
    operationId: 'registerBackupStore',
    summary: 'Register',
    description: 'Registers a backup store, at once or by a job.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisRegisterStoreForm,
    allow: mayAdminister,
    response: {
      description: 'The name of the store, or the submitted job.',
      schema: wire.ArcgisStoreRegistration,
      documented: { status: 'success', name: 'backupstore1' },
    },
    errors: ['StoreExists'],
    provenance: [
      {
        behaviour: 'Parameters, the types of storage, and the minimum of 16 GB',
        mark: 'documented',
        source: 'Register',
      },
      { behaviour: 'settings of S3 and Azure', mark: 'client-code', source: ADMIN_CLI },
      { behaviour: 'name in the response', mark: 'client-code', source: 'ArcGIS API for Python' },
      { behaviour: 'jobsUrl in the response with async=true', mark: 'client-code', source: 'ArcGIS API for Python' },
      { behaviour: 'The rest of the responses; a name can be registered once', mark: 'inferred' },
      {
        behaviour: 'Backups of an unregistered store are accessible again after it has been registered',
        mark: 'documented',
        source: 'Unregister Backup Store',
      },
      { behaviour: 'Credentials of a cloud are neither checked nor stored', mark: 'inferred' },
    ],
    run(call) {
      const { scope, input } = call
      if (input.async) return submitted(call, service.submitRegistration(scope, input, originOf(call)))
      service.registerStore(scope, input)
      return { ...SUCCEEDED, name: input.storeName }
    },
    page: {
      links: value => ({
        ...jobLinks(value),
        ...('name' in value && { name: `${STORES_PATH}/${encodeURIComponent(value.name)}` }),
      }),
    },
  })
}

function one(app: TypedApp): void {
  resource(app, {
    path: STORE_PATH,
    operationId: 'getBackupStore',
    summary: 'Backup Store',
    description: 'A registered backup store.',
    params: wire.ArcgisStoreParams,
    allow: mayAdminister,
    response: { description: 'The store.', schema: wire.ArcgisBackupStore, documented: STORE },
    errors: ['UnknownStore'],
    provenance: [{ behaviour: 'Fields of the resource', mark: 'documented', source: 'Backup Store' }],
    read: ({ scope, params }) => storeBody(scope.sandbox.ids, service.findStore(scope, params.storeName)),
    page: {
      title: ({ name }) => `Backup Store: ${name}`,
      children: () => [child('backups')],
      operations: () => [
        { name: 'Unregister', path: 'unregister' },
        { name: 'Update', path: 'update' },
        { name: 'Validate', path: 'validate' },
      ],
    },
  })
}

function change(app: TypedApp): void {
  const related = () => [{ name: 'Stores', path: STORES_PATH }]
  operation(app, {
    path: `${STORE_PATH}/unregister`,
    operationId: 'unregisterBackupStore',
    summary: 'Unregister Backup Store',
    description: 'Unregisters the store. Its backups are kept, but are inaccessible until it is registered again.',
    params: wire.ArcgisStoreParams,
    body: wire.ArcgisForm,
    allow: mayAdminister,
    response: success('The store is no longer registered.'),
    errors: ['UnknownStore'],
    provenance: [
      { behaviour: 'The response, and that backups are kept', mark: 'documented', source: 'Unregister Backup Store' },
      { behaviour: 'The default store can be unregistered; no store is the default then', mark: 'inferred' },
    ],
    run({ scope, params }) {
      service.unregisterStore(scope, params.storeName)
      return SUCCEEDED
    },
    page: { values: requireStore, related },
  })
  operation(app, {
    path: `${STORE_PATH}/update`,
    operationId: 'updateBackupStore',
    summary: 'Update Backup Store',
    description: 'Makes the store the default one, or no longer the default one.',
    params: wire.ArcgisStoreParams,
    body: wire.ArcgisUpdateStoreForm,
    allow: mayAdminister,
    response: success('The store has been changed.'),
    errors: ['UnknownStore'],
    provenance: [
      { behaviour: 'settings with default, and the response', mark: 'documented', source: 'Update Backup Store' },
      { behaviour: 'supportBDSBackup, which has no effect', mark: 'client-code', source: ADMIN_CLI },
      { behaviour: 'At most one store is the default one', mark: 'inferred' },
    ],
    run({ scope, params, input }) {
      service.updateStore(scope, params.storeName, input.settings)
      return SUCCEEDED
    },
    page: { values: requireStore, related },
  })
  operation(app, {
    path: `${STORE_PATH}/validate`,
    operationId: 'validateBackupStore',
    summary: 'Validate Backup Store',
    description: 'Reports whether the store can take a backup.',
    params: wire.ArcgisStoreParams,
    body: wire.ArcgisForm,
    allow: mayAdminister,
    response: {
      description: 'Whether the store can take a backup.',
      schema: wire.ArcgisStoreValidation,
      documented: { isReady: true, status: 'success' },
    },
    errors: ['UnknownStore'],
    provenance: [
      { behaviour: 'isReady and status', mark: 'documented', source: 'Validate Backup Store' },
      { behaviour: 'isReady is false when the volume of the store is full', mark: 'inferred' },
    ],
    run: ({ scope, params }) => ({ isReady: service.isReady(scope, params.storeName), ...SUCCEEDED }),
    page: { values: requireStore, related },
  })
}

/** The form of an operation on a store that does not exist is an error. */
function requireStore({ scope, params }: Parameters<typeof originOf>[0] & { params: { storeName: string } }) {
  service.findStore(scope, params.storeName)
  return {}
}
