// The option for how downloads respond where HTTP leaves the choice to the server, which is the same for all APIs that have it.
import { personalityNames } from '../archives/personalities.ts'
import { oneOf, option } from '../option.ts'

export const downloadPersonality = option(
  'NAME',
  `how downloads respond where HTTP leaves the choice to the server: ${personalityNames.join(', ')}`,
  oneOf(personalityNames),
  'standard',
)
