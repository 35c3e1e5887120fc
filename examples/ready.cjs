// Runs before the tests of each example: prints one line if something has to be done first.
const { createRequire } = require('node:module')
const { join } = require('node:path')

const problem = findProblem()
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}

function findProblem() {
  try {
    createRequire(join(process.cwd(), 'package.json')).resolve('firedrill')
  } catch {
    return 'Firedrill is not built yet: run "npm ci && npm run build" in the root of the repository, then "npm i && npm test" here.'
  }
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isOld = major < 22 || (major === 22 && minor < 18)
  return isOld ? `Firedrill needs Node.js 22.18 or newer, this is ${process.versions.node}.` : undefined
}
