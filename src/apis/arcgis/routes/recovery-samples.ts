// arcgis: the vendor's sample responses about disaster recovery and backup stores, as examples for openapi.yaml.

export const ROOT = {
  fullVersion: '10.9.1',
  resources: ['system', 'jobs'],
  currentVersion: 10.91,
  status: { stages: [], state: 'ready' as const },
}

export const DIRECTORY = { operations: ['status'], resources: ['stores', 'settings'] }
export const LEGACY_DIRECTORY = { operations: ['status', 'backup'], resources: ['backups'] }

const stage = (name: string, duration: string) => ({ duration, lastUpdated: 1635285646933, name, state: 'completed' })

export const RECOVERY_STATUS = {
  status: {
    code: 3,
    scheduleType: 'SCHEDULED',
    stages: [
      stage('Validation', '3096 millis (~ 0 minutes)'),
      stage('Stage Relational store', '5149 millis (~ 0 minutes)'),
      stage('Stage Object store', '50405 millis (~ 0 minutes)'),
      stage('Stage system configuration', '6517 millis (~ 0 minutes)'),
      stage('Post backup operation cleanup', '0 millis (~ 0 minutes)'),
    ],
    completeTime: 1635285728493,
    startTime: 1635285646935,
    state: 'success',
    backupStore: 'default',
    message: '',
    operation: 'Backup',
    overallDuration: '00hr:01min:04sec:221millisec',
    backupName: 'schedule1-2021-10-26-22-00-46',
  },
}

export const SETTINGS = {
  stagingVolumeConfig: {
    component: 'DR_JOB',
    storageClass: 'default',
    size: '64Gi',
    provisioningType: 'DYNAMIC',
    g: 1635288705660,
  },
}

const dynamic = { storageClass: 'backups', size: '64Gi', provisioningType: 'DYNAMIC' }

export const STORES = {
  backupStores: [
    {
      default: false,
      storageConfig: {
        storageClass: 'backups',
        size: '64Gi',
        provisioningType: 'STATIC',
        labels: { 'arcgis/purpose': 'backups' },
      },
      identity: 'uhhbr2phophg8t0724pa',
      name: 'default',
      identityKey: 'N1S36e8RQojSYsh0woQugrmTYbvqw3QWWZRjDjnOXWU=',
      rootDir: 'rootdir',
      type: 'HOSTED',
      autoShutdown: true,
    },
    {
      default: true,
      storageConfig: dynamic,
      identity: 'zusu66mh5dhsjtv78nhd',
      name: 'backupstore1',
      identityKey: 'hOCG1Lg16SKZUPjfb8Xa66Cut8ChK6x7zFPG1q2Sd6Q=',
      rootDir: 'rootdir',
      type: 'HOSTED',
    },
  ],
}

export const STORE = {
  default: false,
  storageConfig: dynamic,
  identity: 'zusu66mh5dhsjtv78nhd',
  name: 'backupDefault',
  rootDir: 'rootdir',
  type: 'HOSTED',
}
