// Writes the files that are generated from the code: run with --write to bring them up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apis } from '../src/apis/index.ts'
import { setAt, type Tree } from '../src/control/embedded.ts'
import type { Operation } from '../src/control/operation.ts'
import { controlOperations } from '../src/control/operations.ts'
import { openapiDocument } from '../src/openapi.ts'
import { apiReferences } from './apireference.ts'
import { authenticatorQr } from './authenticator-qr.ts'
import { controlReference } from './controlreference.ts'
import { faultReference } from './faultreference.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CONTROL = join(ROOT, 'src/control/')

/** src/control/methods.ts: the embedded API's types, with each operation's description where an editor shows it. */
export function methodsSource(): string {
  const imports = capabilities()
    .map(name => [name, exportsOf(name)] as const)
    .map(
      ([name, names]) =>
        `import type {\n${[...names.values()]
          .sort()
          .map(each => `  ${each},\n`)
          .join('')}} from './${name}/operations.ts'`,
    )
  return [
    '// The methods of the embedded API. Generated from the control operations by `npm run generate`; do not edit.',
    ...imports,
    "import type { Method } from './operation.ts'",
    '',
    '/** Everything that can be done to one sandbox. Methods throw Refusal; then nothing has changed. */',
    `export interface SandboxMethods ${members(treeOf('sandbox'), '')}`,
    '',
    '/** Everything that can be done to the server as a whole. Methods throw Refusal; then nothing has changed. */',
    `export interface ServerMethods ${members(treeOf('server'), '')}`,
    '',
  ].join('\n')
}

function capabilities(): string[] {
  return readdirSync(CONTROL, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(`${CONTROL}${entry.name}/operations.ts`))
    .map(({ name }) => name)
    .sort()
}

/** Names of the exported rows by operationId. */
function exportsOf(capability: string): Map<string, string> {
  const source = readFileSync(`${CONTROL}${capability}/operations.ts`, 'utf8')
  const found = source.matchAll(/export const (\w+) = operation\(\{\s*id: '(\w+)'/g)
  return new Map([...found].map(([, name = '', id = '']) => [id, name]))
}

function treeOf(scope: Operation['scope']): Tree<Operation> {
  const root: Tree<Operation> = {}
  for (const operation of controlOperations) if (operation.scope === scope) setAt(root, operation.embedded, operation)
  return root
}

function members(tree: Tree<Operation>, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(tree).map(([name, value]) => {
    if (!isOperation(value)) return `${inner}readonly ${name}: ${members(value, inner)}`
    const type = exportsOf(value.capability).get(value.id)
    return `${comment(value, inner)}\n${inner}readonly ${name}: Method<typeof ${type}>`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function isOperation(value: Tree<Operation> | Operation): value is Operation {
  return typeof value.id === 'string'
}

/** As Biome formats it: a line of up to 120 characters, or a block. */
function comment({ summary, description }: Operation, indent: string): string {
  const sentences = [`${summary}.`, ...(description === undefined ? [] : [description])]
  const [line] = sentences
  if (sentences.length === 1) return `${indent}/** ${line} */`
  return [`${indent}/**`, ...sentences.map(sentence => `${indent} * ${sentence}`), `${indent} */`].join('\n')
}

/** schemas/contract.ts: the names of the APIs and of their operations, as types. */
export async function contractSource(): Promise<string> {
  const { paths } = await openapiDocument('apis')
  const operations = Object.values(paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
  return [
    '// The names of the APIs and of their operations. Generated from the routes by `npm run generate`; do not edit.',
    '',
    `export type ApiName = ${union(apis.map(({ name }) => name))}`,
    '',
    `export type OperationId =${union(operations, '\n  | ')}`,
    '',
  ].join('\n')
}

function union(names: readonly string[], separator = ' | '): string {
  const texts = [...new Set(names)].sort().map(name => `'${name}'`)
  return separator.startsWith('\n') ? separator + texts.join(separator) : texts.join(separator)
}

/** By path from the root of the project. */
export const generatedFiles: Readonly<Record<string, () => string | Promise<string>>> = {
  'src/control/methods.ts': methodsSource,
  'schemas/contract.ts': contractSource,
  'docs/reference/faults.md': faultReference,
  'docs/reference/control.md': controlReference,
  'docs/demo-authenticator.svg': authenticatorQr,
  ...apiReferences,
}

if (process.argv.includes('--write')) {
  for (const [path, source] of Object.entries(generatedFiles)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), await source())
  }
}
