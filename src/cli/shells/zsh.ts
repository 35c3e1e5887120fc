// Completion for zsh: one function that finds the command among the words typed so far.
import type { Place, Vocabulary } from './vocabulary.ts'

export function zshScript({ places, values, switches }: Vocabulary): string {
  const steps = places.filter(({ after }) => after !== '').map(({ after }) => quoted(after))
  return `#compdef firedrill
_firedrill() {
  local command= word i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case "$command|$word" in ${switches.map(quoted).join('|')}) continue ;; esac
    case $word in
      --)
        # Another command line follows.
        words=("\${(@)words[i + 1,-1]}")
        ((CURRENT -= i))
        _normal
        return
        ;;
      ${values.map(({ flag }) => flag).join('|')}) ((i++)); continue ;;
    esac
    case "\${command:+$command }$word" in
      ${steps.join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  case $command in
${places.map(placeCase).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _firedrill ]]; then _firedrill "$@"; else compdef _firedrill firedrill; fi
`
}

function placeCase({ after, words, flags, takesFile, takesCommand }: Place): string {
  const candidates = words.map(({ word, help }) => quoted(`${word}:${help.replaceAll(':', '\\:')}`))
  const options = Object.entries(flags).map(([name, { value, help }]) => {
    const file = value === 'FILE' ? '_files' : value === 'DIR' ? '_files -/' : ' '
    const rest = value === undefined ? '' : `:${value}:${file}`
    return quoted(`--${name}[${help.replace(/[[\]:\\]/g, '\\$&')}]${rest}`)
  })
  // Nothing may follow: offer nothing instead of zsh's default.
  const what = candidates.length > 0 ? '{_describe word candidates}' : takesFile ? '_files' : ' '
  const rest = `'*: :${what}'`
  const dashes = takesCommand ? ["'--[a command line follows]'"] : []
  return `    ${quoted(after)})
      candidates=(${candidates.join(' ')})
      _arguments ${[...options, ...dashes, rest].join(' ')}
      ;;`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
