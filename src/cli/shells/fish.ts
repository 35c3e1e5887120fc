// Completion for fish: one line for each word and option, with the condition under which it applies.
import type { Place, Vocabulary } from './vocabulary.ts'

export function fishScript({ places }: Vocabulary): string {
  const continued = new Map(places.map(({ after, words }) => [after, words.map(({ word }) => word)]))
  return [
    '# fish completion for firedrill',
    'complete -c firedrill -f',
    ...places.flatMap(place => placeLines(place, conditionOf(place.after, continued))),
    '',
  ].join('\n')
}

/** True when the words of the command have been typed, but not the next word of a longer command. */
function conditionOf(after: string, continued: ReadonlyMap<string, readonly string[]>): string {
  const seen = after === '' ? [] : after.split(' ').map(word => `__fish_seen_subcommand_from ${word}`)
  const next = continued.get(after) ?? []
  return [...seen, ...(next.length === 0 ? [] : [`not __fish_seen_subcommand_from ${next.join(' ')}`])].join('; and ')
}

function placeLines({ words, flags, takesFile, takesCommand }: Place, condition: string): string[] {
  const line = (more: string) => `complete -c firedrill -n ${quoted(condition)} ${more}`
  return [
    ...words.map(({ word, help }) => line(`-a ${word} -d ${quoted(help)}`)),
    ...Object.entries(flags).map(([name, { value, help }]) => {
      const file = value === 'FILE' || value === 'DIR' ? ' -rF' : value === undefined ? '' : ' -x'
      return line(`-l ${name}${file} -d ${quoted(help)}`)
    }),
    ...(takesFile ? [line('-F')] : []),
    ...(takesCommand ? [line("-a '(__fish_complete_subcommand --commandline)'")] : []),
  ]
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
