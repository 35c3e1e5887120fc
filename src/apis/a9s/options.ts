// a9s: its options.
import { type OptionValues, oneOf, option } from '../../option.ts'

const status = oneOf([200, 202])

export const options = {
  a9sPrepareStatus: option(
    'STATUS',
    'status of an accepted a9s prepare: 200 (completed) or 202 (still running)',
    status,
    '200',
  ),
  a9sPerformStatus: option(
    'STATUS',
    'status of an accepted a9s perform: 200 (completed) or 202 (still running)',
    status,
    '202',
  ),
}
export type Options = OptionValues<typeof options>
