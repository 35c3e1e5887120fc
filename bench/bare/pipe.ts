// The baseline for downloads: a server that sends a file in chunks of 1 MiB, and 1.5 KB at `/small`. Its argument is the file.
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const [, , file = ''] = process.argv
const { size } = statSync(file)
const small = 'x'.repeat(1500)
const server = createServer((request, response) => {
  if (request.url === '/small') {
    response.end(small)
    return
  }
  response.setHeader('content-length', size)
  createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(response)
})
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
})
