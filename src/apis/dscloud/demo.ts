// dscloud: the credentials and the application of the demo data that examples use.

export const DEMO = { apiKey: '23457145698959364-demo', app: '64d0c750212742ca8704fb458c9771af' }
