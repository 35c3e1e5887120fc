// Tests each drill that is not about downloads: a correct client passes, and each mistake that it detects fails with the right reason.
import { clientsByDrill, downloadClients } from '../../../examples/certify-typescript/clients/index.ts'
import { testClients } from './performing.ts'

testClients(Object.fromEntries(Object.entries(clientsByDrill).filter(([id]) => !(id in downloadClients))))
