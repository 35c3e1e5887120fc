// Icons as outlines. They are decoration: the control beside or around them has a text.

const PATHS = {
  timeline: 'M2 4h5M5 8h7M9 12h5M2 2v12',
  requests: 'M2 4h12M2 8h12M2 12h8',
  faults: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8l1-5.5Z',
  data: 'M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2Zm0 0v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4m-11 4c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  drills: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm0-4a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  sandboxes: 'M8 1.5 14 5v6l-6 3.5L2 11V5l6-3.5ZM2 5l6 3.5L14 5M8 8.5v6',
  copy: 'M5.5 5.5v-3h8v8h-3m0-5h-8v8h8v-8Z',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1m8 8 1 1m0-10-1 1m-8 8-1 1',
  moon: 'M13.5 9.5A5.5 5.5 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7Z',
  system: 'M2 3h12v8H2V3Zm4 11h4m-2-3v3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.5-1.5L14 14',
  zoomIn: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.5-1.5L14 14M5 7h4M7 5v4',
  zoomOut: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.5-1.5L14 14M5 7h4',
  download: 'M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11',
  trash: 'M2.5 4h11M6 4V2.5h4V4m-6 0 .7 9.5h6.6L12 4M6.5 6.5v4.5m3-4.5v4.5',
  back: 'M9.5 3 4.5 8l5 5',
  minus: 'M4 8h8',
  up: 'm3 10 5-5 5 5',
  down: 'm3 6 5 5 5-5',
  help: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM6 6.2c0-1.2.9-2 2-2s2 .8 2 1.9c0 1.4-2 1.6-2 3m0 2.2v.3',
  book: 'M8 4C7 3 5.5 2.5 2 2.5v10c3.5 0 5 .5 6 1.5 1-1 2.5-1.5 6-1.5v-10c-3.5 0-5 .5-6 1.5Zm0 0v10',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4v4l2.5 1.5',
  play: 'M4.5 2.5v11l9-5.5-9-5.5Z',
  next: 'M3.5 3v10l6.5-5-6.5-5ZM12.5 3v10',
  pause: 'M5 2.5v11m6-11v11',
  plus: 'M8 2.5v11M2.5 8h11',
  reply: 'M6 3 2 7l4 4M2 7h7a5 5 0 0 1 5 5v1',
  warning: 'M8 2 1.5 13.5h13L8 2Zm0 4.5v3.5m0 1.7v.3',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L11.5 9m-7-2L3 8.5A3.2 3.2 0 0 0 7.5 13L9 11.5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
