// A small client of three of the APIs, which the examples test. CommonJS, because Jest runs it without configuration.
const json = { 'content-type': 'application/json' }

/** Restores one a9s instance into another and polls until the restore has ended; `pause` waits between two polls. */
exports.restore = async (env, pause) => {
  const headers = { ...json, authorization: `Bearer ${env.FIREDRILL_A9S_TOKEN}` }
  const ask = async (path, body) => {
    const how = body
      ? { method: 'POST', body: JSON.stringify({ encryption_key: 'second-encryption-key', ...body }) }
      : {}
    return (await fetch(`${env.FIREDRILL_A9S_URL}/instances/${path}`, { headers, ...how })).json()
  }
  const { backup_guid } = await ask(`${env.FIREDRILL_A9S_INSTANCE_ID}/disaster-recovery/prepare`, {})
  const destination = env.FIREDRILL_A9S_DESTINATION_ID
  const { restore_id } = await ask(`${destination}/disaster-recovery/perform`, { backup_guid })
  for (;;) {
    const { status } = await ask(`${destination}/restores/${restore_id}`)
    if (status !== 'queued' && status !== 'running') return status
    await pause()
  }
}

/** A function that sends requests to ArcGIS Enterprise, and replaces a token that has expired (498). */
exports.portal = env => {
  const url = env.FIREDRILL_ARCGIS_URL
  const post = async (path, fields) =>
    (await fetch(url + path, { method: 'POST', body: new URLSearchParams({ ...fields, f: 'json' }) })).json()
  const credentials = { username: env.FIREDRILL_ARCGIS_USERNAME, password: env.FIREDRILL_ARCGIS_PASSWORD }
  let token
  return async function ask(path) {
    token ??= (await post('/sharing/rest/generateToken', { ...credentials, client: 'requestip' })).token
    const answer = await post(path, { token })
    if (answer.error?.code !== 498) return answer
    token = undefined
    return ask(path)
  }
}

/** The bytes of a disaster recovery file. */
exports.download = async (env, id) => {
  const headers = { authorization: `Bearer ${env.FIREDRILL_DRF_API_KEY}`, accept: 'application/x-7z-compressed' }
  const answer = await fetch(`${env.FIREDRILL_DRF_URL}/disasterRecoveryFiles/${id}`, { headers })
  if (!answer.ok) throw new Error(`the download was answered ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}
