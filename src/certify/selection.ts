// Which drills are run: ids with wildcards, and files of drills.
import { readFile } from 'node:fs/promises'
import type { Drill } from '../../schemas/drills.ts'
import { isObject } from '../sandbox/is-object.ts'
import { Refusal } from '../sandbox/refusal.ts'

export interface Selection {
  /** Ids, which may contain wildcards, separated by commas. Undefined for all drills, or for none besides the documents. */
  drills: string | undefined
  /** Drills that were read from files. The server checks them. */
  documents: Drill[]
  /** The files of these drills, by their ids. */
  files: ReadonlyMap<string, string>
}

/** Words that end in `.json` are files. Throws Refusal when one cannot be read. */
export async function readSelection(text: string | undefined): Promise<Selection> {
  const words = (text ?? '').split(',').map(word => word.trim())
  if (text !== undefined && words.every(word => word === '')) {
    throw new Refusal('invalid', 'The list of drills is empty; leave it out for all drills')
  }
  const files = words.filter(isFile)
  const ids = words.filter(word => word !== '' && !isFile(word))
  const documents = await Promise.all(files.map(readDocument))
  return {
    drills: ids.length === 0 ? undefined : ids.join(','),
    documents,
    files: new Map(documents.map(({ id }, index) => [id, files[index] as string])),
  }
}

function isFile(word: string): boolean {
  return word.endsWith('.json')
}

async function readDocument(file: string): Promise<Drill> {
  const document = await parsed(file)
  if (isObject(document)) return document as Drill
  throw new Refusal('invalid', `The drill ${file} is not a JSON object`)
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new Refusal('invalid', `The drill ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
