// The path of the control API. The server knows it before it loads the control API.

export const CONTROL_PREFIX = '/__admin'
