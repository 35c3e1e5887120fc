// Tests each drill of downloads: a correct client passes, and a client with the mistake that the drill detects fails with the right reason.
import { downloadClients } from '../../../examples/certify-typescript/clients/index.ts'
import { testClients } from './performing.ts'

testClients(downloadClients)
