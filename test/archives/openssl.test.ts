// Files as `gzip | openssl enc` makes them: opened by the real tools, and read from any position.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import t from 'tap'
import { opensslFile } from '../../src/archives/openssl.ts'
import { bytesIn, bytesOf, calls, MIB, save } from './samples.ts'

const GIB = 1024 * MIB
/** The content of one gzip member of a large file. */
const MEMBER_BYTES = 64 * 65_535
const SALT = Buffer.from('saltsalt')

const fileOf = (entry: ReturnType<typeof bytesOf>) =>
  opensslFile({ fileName: 'a.gz.enc', entry, password: 'pass word', salt: SALT })

function sha256(chunks: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

t.test('openssl and gunzip open files of one and of several gzip members', async t => {
  const script = 'openssl enc -d -aes256 -md md5 -pass "pass:pass word" -in "$1" 2> /dev/null | gunzip | sha256sum'
  for (const size of [0, 1, MEMBER_BYTES - 1, MEMBER_BYTES, MEMBER_BYTES + 1, 3 * MEMBER_BYTES - 7, 3 * MEMBER_BYTES]) {
    const entry = bytesOf('data', size)
    const file = fileOf(entry)
    const path = await save(file, t.testdir())
    const output = execFileSync('bash', ['-o', 'pipefail', '-c', script, 'bash', path], { encoding: 'utf8' })
    t.equal(output.split(' ')[0], sha256(entry.open(0)), `${size} bytes`)
  }
})

t.test('a range has the bytes of the whole file', async t => {
  const file = fileOf(bytesOf('data', 3 * MEMBER_BYTES - 7))
  const whole = await bytesIn(file)
  t.equal(whole.length, file.sizeBytes)
  const memberStarts = [1, 2].map(index => index * Math.round(file.sizeBytes / 3))
  const starts = [0, 1, 15, 16, 17, ...memberStarts, file.sizeBytes - 33]
  for (const start of starts) {
    for (const size of [0, 1, 33]) {
      const part = await bytesIn(file, start, start + size)
      t.ok(part.equals(whole.subarray(start, start + size)), `${size} from ${start}`)
    }
  }
  // Each position near a link, which is about 80 bytes of gzip and block headers after the content of a member.
  const link = MEMBER_BYTES + 64 * 5
  for (let start = link; start < link + 120; start++) {
    if (!(await bytesIn(file, start, start + 20)).equals(whole.subarray(start, start + 20))) t.fail(`from ${start}`)
  }
  const across = await bytesIn(file, 10, file.sizeBytes - 10)
  t.ok(across.equals(whole.subarray(10, -10)))
})

t.test('a range at the end of a file of 100 GiB is read without what precedes it', async t => {
  const table = calls('calls.csv', { sizeBytes: 100 * GIB })
  let openedAt = Number.POSITIVE_INFINITY
  const file = fileOf({
    ...table,
    open(start) {
      openedAt = start
      return table.open(start)
    },
  })
  const end = await bytesIn(file, file.sizeBytes - 1000, file.sizeBytes)
  t.equal(end.length, 1000)
  t.ok(openedAt >= table.sizeBytes - 2 * MEMBER_BYTES, `read from ${openedAt}`)
})
