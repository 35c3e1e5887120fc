// Where the APIs of the shown sandbox are.
import { sandboxName } from './url.ts'

/** The URL of a path in the shown sandbox, for clients. */
export function inAddressedSandbox(path: string): string {
  const name = sandboxName.value
  return `${location.origin}${name === 'default' ? '' : `/@${encodeURIComponent(name)}`}${path}`
}
