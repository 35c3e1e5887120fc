// The queue of a worker thread: one thread for all inputs, its end, and errors.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { WorkerQueue } from '../../src/archives/worker-queue.ts'

/** Answers with the number of its thread and with how many inputs it had before. */
const WORKER = `
  import { parentPort, threadId } from 'node:worker_threads'
  let earlier = 0
  parentPort.on('message', input => {
    if (input === 'fail') throw new RangeError('cannot calculate this')
    if (input !== 'for ever') parentPort.postMessage({ input, threadId, earlier: earlier++ })
  })`

interface Output {
  input: string
  threadId: number
  earlier: number
}

const folder = mkdtempSync(join(tmpdir(), 'firedrill-worker-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const file = pathToFileURL(join(folder, 'worker.mjs'))
writeFileSync(file, WORKER)

// A queue does not keep the process running, which a server does.
const running = setInterval(() => {}, 60_000)
t.teardown(() => clearInterval(running))

t.test('inputs that wait are calculated in order by one thread, which then ends', async t => {
  const queue = new WorkerQueue<string, Output>(file)
  const started = once(process, 'worker') as Promise<[Worker]>
  const outputs = await Promise.all(['a', 'b', 'c'].map(input => queue.run(input)))
  const threadId = outputs[0]?.threadId
  t.same(outputs, [
    { input: 'a', threadId, earlier: 0 },
    { input: 'b', threadId, earlier: 1 },
    { input: 'c', threadId, earlier: 2 },
  ])
  const [worker] = await started
  if (worker.threadId !== -1) await once(worker, 'exit')
  t.not((await queue.run('d')).threadId, threadId, 'the next input starts another')
})

t.test('an error rejects its own input only', async t => {
  const queue = new WorkerQueue<string, Output>(file)
  const [before, failed, after] = await Promise.allSettled(['a', 'fail', 'b'].map(input => queue.run(input)))
  t.match(before, { status: 'fulfilled', value: { input: 'a' } })
  t.match(failed, { status: 'rejected', reason: { name: 'RangeError', message: 'cannot calculate this' } })
  t.match(after, { status: 'fulfilled', value: { input: 'b', earlier: 0 } })
})

t.test('a calculation does not keep the process running', async t => {
  const queue = new URL('../../src/archives/worker-queue.ts', import.meta.url)
  const script = `
    const { WorkerQueue } = await import(${JSON.stringify(queue.href)})
    new WorkerQueue(new URL(${JSON.stringify(file.href)})).run('for ever')
    process.on('worker', worker => console.log('started'))`
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  t.equal(status, 0)
  t.equal(stdout, 'started\n')
})
