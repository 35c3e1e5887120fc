// The command `npm run fuzz`: fuzzes with a given or random seed and number of requests.
import { parseArgs } from 'node:util'
import { type FuzzReport, fuzz } from './session.ts'

const USAGE = 'npm run fuzz -- [--seed N] [--requests N]'

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`--${name} must be a whole number of at most nine digits, not "${text}"; ${USAGE}`)
  process.exit(2)
}

function print({ sent, problems, stderr, isAlive, slowest, statuses }: FuzzReport, seed: number): void {
  for (const { index, name, problem, command } of problems) {
    console.log(`request ${index}, ${name}: ${problem}\n  ${command}\n`)
  }
  if (stderr !== '') console.log(`the server wrote:\n${stderr}`)
  console.log(
    `seed ${seed}: ${sent} requests, ${problems.length} problems, the server ${isAlive ? 'still answers' : 'no longer answers'}`,
  )
  console.log(`slowest: ${slowest.name}, ${Math.round(slowest.durationMs)} ms\n  ${slowest.command}`)
  console.log(`answers: ${JSON.stringify(statuses)}`)
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    requests: { type: 'string', default: '200000' },
  },
})
const seed = wholeNumber('seed', values.seed)
const requests = wholeNumber('requests', values.requests)
const teardowns: (() => unknown)[] = []
console.log(`seed ${seed}, ${requests} requests`)
const report = await fuzz(
  { teardown: (...steps) => void teardowns.push(...(steps as (() => unknown)[])) },
  { seed, requests },
)
print(report, seed)
for (const teardown of teardowns) await teardown()
process.exitCode = report.problems.length === 0 && report.stderr === '' && report.isAlive ? 0 : 1
