// a9s: the credentials and the instance of the demo data that examples use.

export const DEMO = { token: 'demo-token', instance: '10000000-0000-4000-8000-000000000001' }
