// a9s: its options.
import { type OptionValues, oneOf, option } from '../../option.ts'

const status = oneOf([200, 202])

export const options = {
  a9sPrepareStatus: option('STATUS', 'a9s prepare answers 200 (done) or 202 (takes its time)', status, '200'),
  a9sPerformStatus: option('STATUS', 'a9s perform answers 200 (done) or 202 (takes its time)', status, '202'),
}
export type Options = OptionValues<typeof options>
