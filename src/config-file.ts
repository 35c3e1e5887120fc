// Reads options from a JSON file, firedrill.config.json, and describes the file as a JSON Schema.
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { hintAt, OptionError } from './cli/flags.ts'
import type { Option } from './option.ts'

/** It is read from the current folder when no other file is named. */
export const CONFIG_FILE = 'firedrill.config.json'

type Table = Readonly<Record<string, Option<unknown>>>

export interface FileOptions {
  /** As it was named. */
  path: string
  /** The values as they would be written on the command line. */
  texts: Readonly<Record<string, string>>
}

/**
 * The options in the file; undefined without a file. `given` is its path, and `label` what gave it. Throws OptionError when the file
 * cannot be read, is not a JSON object, or has an unknown option or a value of the wrong type.
 */
export function readConfigFile(given: string | undefined, label: string, table: Table): FileOptions | undefined {
  if (given === '') throw new OptionError(`${label} must be a text that is not empty, not ""`)
  const path = given ?? CONFIG_FILE
  const text = textOf(path, given === undefined ? undefined : label)
  if (text === undefined) return undefined
  const { $schema: _, ...values } = objectOf(path, text)
  const texts = Object.entries(values).map(([name, value]) => [name, textOfValue(path, name, value, table)])
  return { path, texts: Object.fromEntries(texts) }
}

/** Undefined when no file was named and the default one does not exist. Throws OptionError. */
function textOf(path: string, label: string | undefined): string | undefined {
  try {
    // Some editors on Windows begin a file with a byte order mark.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' && label === undefined) return undefined
    throw new OptionError(`${label === undefined ? '' : `${label} `}${path} cannot be read: ${message}`, { cause })
  }
}

/** Throws OptionError. */
function objectOf(path: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new OptionError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new OptionError(`${path} must be a JSON object whose fields are options`)
}

/** Throws OptionError. */
function textOfValue(path: string, name: string, value: unknown, table: Table): string {
  const row = Object.hasOwn(table, name) ? table[name] : undefined
  if (!row) throw new OptionError(`${path}: unknown option "${name}"${hintAt(name, Object.keys(table))}`)
  const { type } = row.parse.json
  if (!type.some(each => isOfType(value, each))) {
    throw new OptionError(
      `${path}: ${name} must be ${type.map(each => WORDS[each]).join(' or ')}, not ${JSON.stringify(value)}`,
    )
  }
  // Relative paths count from the folder of the file.
  const isPath = (row.value === 'FILE' || row.value === 'DIR') && value !== '' && !isAbsolute(String(value))
  return isPath ? join(dirname(path), String(value)) : String(value)
}

const WORDS = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list of texts',
} as const

function isOfType(value: unknown, type: keyof typeof WORDS): boolean {
  if (type === 'array') return Array.isArray(value) && value.every(each => typeof each === 'string')
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

/** The JSON Schema of the file. */
export function configSchema(table: Table): object {
  const properties = Object.entries(table).map(([name, { help, default: initial, parse }]) => {
    const { type, ...more } = parse.json
    const value = initial === undefined ? {} : { default: type.includes('string') ? initial : JSON.parse(initial) }
    return [name, { description: help, type: type.length === 1 ? type[0] : type, ...more, ...value }]
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Options of Firedrill in ${CONFIG_FILE}`,
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  }
}
