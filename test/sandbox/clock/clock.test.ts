// The clock: its modes, moving forward only, and parsing of durations and instants.
import t from 'tap'
import {
  Clock,
  ClockBackwardsError,
  isoInstant,
  modeOf,
  parseDuration,
  parseInstant,
} from '../../../src/sandbox/clock/clock.ts'
import { caught, START } from '../bakery.ts'

/** A clock on a host whose time the test sets. */
function clockOver(rate: number) {
  const host = { now: 5_000_000 }
  const clock = new Clock({ virtualAt: START, hostAt: host.now, rate }, () => host.now)
  return { host, clock }
}

t.test('a frozen clock does not move by itself', async t => {
  const { host, clock } = clockOver(0)
  host.now += 60_000
  t.equal(clock.now(), START)
  clock.adopt(clock.settingFor(START + 1))
  host.now += 60_000
  t.equal(clock.now(), START + 1)
})

t.test('a real clock runs as fast as the host, a scaled one faster or slower', async t => {
  for (const [rate, passed] of [
    [1, 1000],
    [60, 60_000],
    [0.25, 250],
    [0.0015, 1],
  ] as const) {
    const { host, clock } = clockOver(rate)
    host.now += 1000
    t.equal(clock.now(), START + passed, `at rate ${rate}, in whole milliseconds`)
  }
})

t.test('the mode follows from the rate', async t => {
  t.same(
    [0, 1, 0.5, 60].map(rate => modeOf(rate)),
    ['frozen', 'real', 'scaled', 'scaled'],
  )
  t.equal(clockOver(60).clock.mode, 'scaled')
})

t.test('the clock does not go back when the host is set back', async t => {
  const { host, clock } = clockOver(1)
  host.now += 1000
  t.equal(clock.now(), START + 1000)
  host.now -= 600_000
  t.equal(clock.now(), START + 1000, 'it does not go back')
  host.now += 1
  t.equal(clock.now(), START + 1001, 'it continues from there')
})

t.test('waitUntil calls back at its instant even if the host was set back', async t => {
  const { host, clock } = clockOver(1)
  host.now += 1000
  clock.now()
  host.now -= 600_000
  const called = new Promise<void>(resolve => clock.waitUntil(START + 1001, resolve))
  host.now += 1
  await called
  t.equal(clock.now(), START + 1001)
})

/** Clocks that are started one after another from what the previous one stored. */
function storedClock(rate: number) {
  const host = { now: 5_000_000 }
  let stored = { setting: { virtualAt: START, hostAt: host.now, rate }, reservedUntil: START }
  let writes = 0
  const start = () =>
    new Clock(stored.setting, () => host.now, {
      reservedUntil: stored.reservedUntil,
      reserve(setting, reservedUntil) {
        stored = { setting, reservedUntil }
        writes += 1
      },
    })
  return { host, start, writes: () => writes }
}

t.test('after a restart a clock never shows an earlier instant than before', async t => {
  for (const rate of [1, 60, 0.5, 0.0015]) {
    for (const stepMs of [-86_400_000, -999, -1, 0, 1, 500]) {
      const { host, start } = storedClock(rate)
      let clock = start()
      let latest = clock.now()
      for (const passedMs of [1, 400, 700, 2500, 3]) {
        host.now += passedMs
        latest = clock.now()
        host.now += stepMs
        clock = start()
        t.ok(clock.now() >= latest && Number.isInteger(clock.now()), `rate ${rate}, host's step ${stepMs}`)
      }
      const before = clock.now()
      host.now += 2000
      t.ok(clock.now() >= before + 1000 * rate, 'it continues')
    }
  }
})

t.test('restarts do not put a clock ahead of the host', async t => {
  const { host, start } = storedClock(1)
  for (let time = 0; time < 50; time += 1) {
    start().now()
    host.now += 100
  }
  host.now += 1000
  t.equal(start().now() - START, host.now - 5_000_000)
})

t.test('a running clock is stored about once a second, a frozen one never', async t => {
  for (const [rate, most] of [
    [1, 11],
    [1e6, 11],
    [0, 0],
  ] as const) {
    const { host, start, writes } = storedClock(rate)
    const clock = start()
    for (let time = 0; time < 1000; time += 1) {
      host.now += 10
      clock.now()
    }
    t.ok(writes() <= most, `${writes()} times in 10 s`)
  }
})

t.test('a running clock ends at the last instant that can be written', async t => {
  const { host, clock } = clockOver(1e6)
  host.now += 365 * 86_400_000
  t.equal(isoInstant(clock.now()), '9999-12-31T23:59:59.999Z')
  host.now += 1
  t.equal(isoInstant(clock.now()), '9999-12-31T23:59:59.999Z')
})

t.test('moves forward only', async t => {
  const { clock } = clockOver(0)
  const error = caught(() => clock.settingFor(START - 1))
  t.type(error, ClockBackwardsError)
  t.match(error, {
    message: 'the clock only moves forward: it is at 2026-06-10T12:00:00.000Z, and 2026-06-10T11:59:59.999Z is earlier',
  })
  t.equal(clock.settingFor(START).virtualAt, START, 'not moving is allowed')
})

t.test('a target can be computed from now', async t => {
  const host = { now: 0 }
  const clock = new Clock({ virtualAt: START, hostAt: 0, rate: 1 }, () => {
    host.now += 1
    return host.now
  })
  t.doesNotThrow(() => clock.adopt(clock.settingFor(now => now)), 'even if the host advances meanwhile')
})

t.test('a setting can change the rate, and takes effect when it is adopted', async t => {
  const { host, clock } = clockOver(0)
  const setting = clock.settingFor(START + 10, 2)
  t.same(setting, { virtualAt: START + 10, hostAt: host.now, rate: 2 })
  t.equal(clock.now(), START)
  clock.adopt(setting)
  host.now += 5
  t.equal(clock.now(), START + 20)
})

t.test('targets are whole milliseconds that a date can represent', async t => {
  const { clock } = clockOver(0)
  for (const target of [Number.NaN, Number.POSITIVE_INFINITY, START + 0.5, 8.64e15 + 1]) {
    t.throws(() => clock.settingFor(target), { kind: 'invalid', message: / is not an instant / }, String(target))
  }
  t.equal(clock.settingFor(8.64e15).virtualAt, 8.64e15)
})

t.test('durations', async t => {
  const cases: [string, number][] = [
    ['5m', 300_000],
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2w', 1_209_600_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['0.4ms', 0],
    ['PT5M', 300_000],
    ['P1DT2H', 93_600_000],
    ['P2W', 1_209_600_000],
    ['P1W2D', 777_600_000],
    ['PT0.5S', 500],
    ['PT1H30M', 5_400_000],
    ['3652424d', 315_569_433_600_000],
  ]
  for (const [text, ms] of cases) t.equal(parseDuration(text), ms, text)
  const rejects = [
    '',
    '5',
    'm',
    '-5m',
    '+5m',
    '5 m',
    ' 5m',
    '5m ',
    '5M',
    '5min',
    '1e3s',
    '.5s',
    '5.s',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'PT1.5H',
    'pt5m',
    'P5M',
    '-PT5M',
    'Infinity',
    `${'9'.repeat(400)}d`,
    '99999999999d',
    '3652425d',
    '8640000000000000ms',
    'P3652425D',
  ]
  for (const text of rejects) t.equal(parseDuration(text), undefined, `"${text}"`)
})

t.test('instants', async t => {
  const cases: [string, string][] = [
    ['2026-06-10', '2026-06-10T00:00:00.000Z'],
    ['2026-06-10T08:15Z', '2026-06-10T08:15:00.000Z'],
    ['2026-06-10T08:15:30Z', '2026-06-10T08:15:30.000Z'],
    ['2026-06-10T08:15:30.5Z', '2026-06-10T08:15:30.500Z'],
    ['2026-06-10T08:15:30.123+02:00', '2026-06-10T06:15:30.123Z'],
    ['2026-06-10T23:00-05:30', '2026-06-11T04:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['1960-01-01', '1960-01-01T00:00:00.000Z'],
    ['+6d', '2026-06-16T12:00:00.000Z'],
    ['-2h', '2026-06-10T10:00:00.000Z'],
    ['-49h59m59s', '2026-06-08T10:00:01.000Z'],
    ['+PT5M', '2026-06-10T12:05:00.000Z'],
    ['+0s', '2026-06-10T12:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0000-01-01', '0000-01-01T00:00:00.000Z'],
    ['+3650000d', '9999-12-31T23:59:59.999Z'],
    ['-3650000d', '0000-01-01T00:00:00.000Z'],
  ]
  for (const [text, iso] of cases) t.equal(isoInstant(parseInstant(text, START) ?? Number.NaN), iso, text)
  const rejects = [
    '',
    'now',
    '2026',
    '2026-06',
    '2026-6-1',
    '2026-13-01',
    '2026-02-29',
    '2026-02-31T00:00:00Z',
    '2026-06-10T08:15',
    '2026-06-10T08:15:30',
    '2026-06-10T25:00Z',
    '2026-06-10T08:60Z',
    '2026-06-10 08:15Z',
    '2026-06-10T08:15:30.1234Z',
    '2026-06-10T08:15:30z',
    '2026-06-10T08:15:30+0200',
    '2026-06-10Z',
    '10 June 2026',
    '1781092800000',
    '+',
    '+6',
    '6d',
    '--6d',
    '+6d2026-06-10',
    '+100000000d',
    '9999-12-31T23:59-02:00',
    '0000-01-01T00:00+02:00',
  ]
  for (const text of rejects) t.equal(parseInstant(text, START), undefined, `"${text}"`)
  t.equal(parseInstant('+6d', Number.NaN), undefined, 'a relative instant needs a start')
})
