// Completion for bash: one function that finds the command among the words typed so far.
import type { Place, Vocabulary } from './vocabulary.ts'

export function bashScript({ places, values, switches }: Vocabulary): string {
  const steps = places.filter(({ after }) => after !== '').map(({ after }) => `'${stepTo(after)}'`)
  const isSwitch = switches.map(each => `'${each}'`).join('|')
  const flagsOf = (kind: (value: Vocabulary['values'][number]) => boolean) =>
    values
      .filter(kind)
      .map(({ flag }) => flag)
      .join('|')
  return `# bash completion for firedrill
_firedrill() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= word words= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$command|$word" in ${isSwitch}) continue ;; esac
    case $word in
      --)
        # Another command line follows.
        if declare -F _command_offset >/dev/null; then _command_offset $((i + 1)); return; fi
        mapfile -t COMPREPLY < <(compgen -c -f -- "$current")
        return
        ;;
      ${flagsOf(() => true)}) ((i++)); continue ;;
    esac
    case "$command|$word" in
      ${steps.join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command|$previous" in ${isSwitch}) previous= ;; esac
  case $previous in
    ${flagsOf(({ isDirectory }) => isDirectory)}) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    ${flagsOf(({ isFile }) => isFile)}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    ${flagsOf(({ isFile, isDirectory }) => !isFile && !isDirectory)}) return ;;
  esac
  case $command in
${places.map(placeCase).join('\n')}
  esac
  mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _firedrill firedrill
`
}

/** The command so far and its next word. */
function stepTo(after: string): string {
  const words = after.split(' ')
  return `${words.slice(0, -1).join(' ')}|${words.at(-1)}`
}

function placeCase({ after, words, flags, takesFile, takesCommand }: Place): string {
  const all = [
    ...words.map(({ word }) => word),
    ...Object.keys(flags).map(name => `--${name}`),
    ...(takesCommand ? ['--'] : []),
  ]
  const files = takesFile ? ' mapfile -t COMPREPLY < <(compgen -f -- "$current");' : ''
  return `    '${after}')${files} words='${all.join(' ')}' ;;`
}
