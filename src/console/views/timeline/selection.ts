// What is selected on the timeline, which the URL names.
import { param, setParams } from '../../state/url.ts'

export const selectedKey = () => param('selected')

export function select(key: string | undefined): void {
  setParams({ selected: key })
}
