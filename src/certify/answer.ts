// What a client says about its task: its exit code, and the JSON file that it may write.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReportResult } from '../../schemas/report.ts'
import { isObject } from '../sandbox/is-object.ts'
import { ownValue } from '../sandbox/own.ts'
import type { ClientExit } from './process.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

type Answer = Pick<ReportResult, 'answer' | 'sha256'>

/** The result of a client. `file` is where it may have written its answer; saved files in it are relative to `cwd`. */
export async function resultOf(exit: ClientExit, file: string, cwd: string): Promise<ReportResult> {
  const { exitCode, signal, timedOut, output } = exit
  const ending = {
    ...(exitCode === null ? {} : { exitCode }),
    ...(signal === null ? {} : { signal }),
    ...(timedOut ? { timedOut } : {}),
    ...(output === '' ? {} : { output }),
  }
  try {
    return { claim: claimOf(exit), ...ending, ...(await answerIn(file, cwd)) }
  } catch (error) {
    // A client whose answer cannot be read has claimed nothing that could be judged.
    return { claim: 'none', ...ending, problem: (error as Error).message }
  }
}

/** 0 claims success and 1 reports failure; anything else is a crash. A client that was stopped claims nothing. */
function claimOf({ exitCode, timedOut, interrupted }: ClientExit): ReportResult['claim'] {
  if (timedOut || interrupted) return 'none'
  if (exitCode === 0) return 'success'
  return exitCode === 1 ? 'failure' : 'none'
}

/** Empty when there is no such file. Throws an Error that says what is wrong with it. */
async function answerIn(file: string, cwd: string): Promise<Answer> {
  const answer = await answerObject(file)
  if (!answer) return {}
  const given = textField(answer, 'sha256')
  const savedFile = textField(answer, 'savedFile')
  if (given !== undefined && !/^[0-9a-f]{64}$/i.test(given)) {
    throw new Error('the sha256 in the file of FIREDRILL_RESULT is not 64 hexadecimal digits')
  }
  const sha256 = given ?? (savedFile === undefined ? undefined : await sha256Of(resolve(cwd, savedFile)))
  return { answer, ...(sha256 === undefined ? {} : { sha256 }) }
}

async function answerObject(file: string): Promise<Record<string, unknown> | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (!found) return undefined
  if (!found.isFile()) throw new Error('the file of FIREDRILL_RESULT is not a regular file')
  if (found.size === 0) return undefined
  if (found.size > MAX_ANSWER_BYTES)
    throw new Error(`the file of FIREDRILL_RESULT is larger than ${MAX_ANSWER_BYTES} bytes`)
  const answer = parsed(await readFile(file, 'utf8'))
  if (isObject(answer)) return answer
  throw new Error('the file of FIREDRILL_RESULT is not a JSON object')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`the file of FIREDRILL_RESULT is not valid JSON: ${(cause as Error).message}`, { cause })
  }
}

function textField(answer: Record<string, unknown>, name: string): string | undefined {
  const value = ownValue(answer, name)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new Error(`the field ${name} in the file of FIREDRILL_RESULT is not text`)
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    // Reading a pipe or a device may never end.
    if (!(await stat(file)).isFile()) throw new Error('it is not a regular file')
    await pipeline(createReadStream(file), hash)
  } catch (cause) {
    throw new Error(`the savedFile of the client cannot be read: ${(cause as Error).message}`, { cause })
  }
  return hash.digest('hex')
}
