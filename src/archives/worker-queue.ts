// Runs long calculations in a worker thread, one after the other, so that the event loop is free meanwhile.

import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'

/** The inputs of one calculation. The thread is started for the first of them, and ended when there are no more. */
export class WorkerQueue<Input, Output> {
  readonly #file: URL
  #worker: Worker | undefined
  #last: Promise<unknown> = Promise.resolve()
  #pending = 0

  /** `file` is a module that answers each message from its parent with the output. An error ends the thread. */
  constructor(file: URL) {
    this.#file = file
  }

  /** Input and output are copied. Rejects with what the calculation throws. Does not keep the process running. */
  async run(input: Input): Promise<Output> {
    this.#pending++
    const output = this.#last.then(() => this.#calculate(input))
    this.#last = output.catch(() => {})
    try {
      return await output
    } finally {
      this.#pending--
      if (this.#pending === 0) this.#stop()
    }
  }

  async #calculate(input: Input): Promise<Output> {
    const worker = this.#worker ?? (await this.#start())
    const answer = once(worker, 'message')
    // The listener for the answer undoes an earlier one.
    worker.unref()
    worker.postMessage(input)
    const [output] = await answer
    return output
  }

  async #start(): Promise<Worker> {
    // Most servers need no thread, and start without the module.
    const { Worker } = await import('node:worker_threads')
    // Some options of this process are only for its main script.
    const worker = new Worker(this.#file, { execArgv: [] })
    worker.once('error', () => this.#stop())
    this.#worker = worker
    return worker
  }

  #stop(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
  }
}
