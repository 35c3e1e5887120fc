// Numbers and times as text.

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** `2026-06-10 12:00:00`, in UTC. */
export function dateTimeText(instant: number | string): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ')
}

/** `12:00:00.000`, in UTC. */
export function timeText(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(11, 23)
}

const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'm' },
  { ms: 1000, name: 's' },
]

/** The two largest units: `1h 5m`, `3.2 s`, `12 ms`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`
  const first = UNITS.findIndex(unit => ms >= unit.ms)
  const [large, small] = [UNITS[first], UNITS[first + 1]]
  if (!large || !small) return `${ms} ms`
  const rest = Math.floor((ms % large.ms) / small.ms)
  return `${Math.floor(ms / large.ms)}${large.name}${rest > 0 ? ` ${rest}${small.name}` : ''}`
}

/** `512 B`, `1.5 KiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length)
  const value = bytes / 1024 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`
}

/** `1 request`, `12 requests`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** A date and time for the name of a file. */
export function fileTime(instantMs: number): string {
  const date = new Date(instantMs)
  return `${date.getUTCFullYear()}${pad(date.getUTCMonth() + 1)}${pad(date.getUTCDate())}-${pad(date.getUTCHours())}${pad(date.getUTCMinutes())}`
}
