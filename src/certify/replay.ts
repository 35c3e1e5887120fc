// The command line that repeats a run: the same drills, seed and speed of time, with the same client.

interface Repeated {
  command: readonly string[]
  seed: string
  timeScale?: number
}

/** For a POSIX shell. `drills` are those to run; all if it is undefined. */
export function replayCommand({ command, seed, timeScale = 1 }: Repeated, drills: string | undefined): string {
  const words = [
    'firedrill',
    'certify',
    ...(drills === undefined ? [] : ['--drills', drills]),
    '--seed',
    seed,
    ...(timeScale === 1 ? [] : ['--time-scale', String(timeScale)]),
    '--',
    ...command,
  ]
  return words.map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
