// What a client says about its task: by its exit code, and in the file of FIREDRILL_RESULT.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { resultOf } from '../../src/certify/answer.ts'
import type { ClientExit } from '../../src/certify/process.ts'

const EXIT: ClientExit = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  interrupted: false,
  output: '',
  durationMs: 12,
}
const HASH = createHash('sha256').update('saved').digest('hex')

t.test('the exit code is the claim', async t => {
  const cases: { exit: Partial<ClientExit>; result: object }[] = [
    { exit: { exitCode: 0 }, result: { claim: 'success', exitCode: 0 } },
    { exit: { exitCode: 1, output: 'no\n' }, result: { claim: 'failure', exitCode: 1, output: 'no\n' } },
    { exit: { exitCode: 2 }, result: { claim: 'none', exitCode: 2 } },
    { exit: { exitCode: null, signal: 'SIGSEGV' }, result: { claim: 'none', signal: 'SIGSEGV' } },
    { exit: { exitCode: 0, timedOut: true }, result: { claim: 'none', exitCode: 0, timedOut: true } },
    { exit: { exitCode: 1, interrupted: true }, result: { claim: 'none', exitCode: 1 } },
  ]
  for (const { exit, result } of cases) t.same(await resultOf({ ...EXIT, ...exit }, '/nowhere', '/'), result)
})

t.test('the answer is any JSON object, and the file that it names is hashed', async t => {
  const folder = t.testdir({ saved: 'saved' })
  const file = join(folder, 'answer')
  const cases = [
    { answer: '{}' },
    { answer: '{"count":27,"names":["a"]}' },
    { answer: '{"sha256":null,"savedFile":"saved"}', sha256: HASH },
    { answer: JSON.stringify({ savedFile: join(folder, 'saved') }), sha256: HASH },
    { answer: JSON.stringify({ sha256: HASH, savedFile: 'not there' }), sha256: HASH },
  ]
  for (const { answer, ...hash } of cases) {
    writeFileSync(file, answer)
    const result = { claim: 'success', exitCode: 0, answer: JSON.parse(answer), ...hash }
    t.same(await resultOf(EXIT, file, folder), result, answer)
  }
  writeFileSync(file, '')
  t.same(await resultOf(EXIT, file, folder), { claim: 'success', exitCode: 0 }, 'nothing was written')
})

t.test('an answer that cannot be read claims nothing, and says why', async t => {
  const cases = [
    { answer: '{', problem: /^the file of FIREDRILL_RESULT is not valid JSON: / },
    { answer: '[]', problem: 'the file of FIREDRILL_RESULT is not a JSON object' },
    { answer: 'null', problem: 'the file of FIREDRILL_RESULT is not a JSON object' },
    { answer: '{"savedFile":1}', problem: 'the field savedFile in the file of FIREDRILL_RESULT is not text' },
    { answer: '{"sha256":"12"}', problem: 'the sha256 in the file of FIREDRILL_RESULT is not 64 hexadecimal digits' },
    { answer: '{"savedFile":"missing"}', problem: /^the savedFile of the client cannot be read: ENOENT/ },
    {
      answer: '{"savedFile":"/dev/zero"}',
      problem: 'the savedFile of the client cannot be read: it is not a regular file',
    },
    {
      answer: `"${' '.repeat(1024 * 1024)}"`,
      problem: 'the file of FIREDRILL_RESULT is larger than 1048576 bytes',
    },
  ]
  for (const { answer, problem } of cases) {
    const folder = t.testdir({ answer })
    const result = await resultOf(EXIT, join(folder, 'answer'), folder)
    t.match(result, { claim: 'none', exitCode: 0, problem }, answer.slice(0, 40))
  }
})
