// The files that GitHub Actions reads: valid, and with the rights and the steps that a release needs.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateAction, validateWorkflow } from '@action-validator/core'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const WORKFLOWS = '.github/workflows'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Job {
  permissions?: Record<string, string>
  needs?: string
  'timeout-minutes'?: number
  steps: Step[]
}
interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const workflow = (name: string): Workflow => parse(textOf(join(WORKFLOWS, name)))
const names = readdirSync(join(ROOT, WORKFLOWS))
const settingsOf = ({ steps }: Job, action: string) =>
  steps.find(({ uses = '' }) => uses.startsWith(`${action}@`))?.with
const commandsOf = ({ steps }: Job) => steps.flatMap(({ run = [] }) => run)

t.test('every workflow has the form that GitHub asks for, few rights and a time limit', async t => {
  t.same(names.sort(), ['ci.yml', 'publish.yml'])
  for (const name of names) {
    // The validator's schema is older than this right.
    const text = textOf(join(WORKFLOWS, name)).replace(/^ *attestations: write\n/m, '')
    t.same(validateWorkflow(text).errors, [], name)
    const { permissions, jobs } = workflow(name)
    t.same(permissions, { contents: 'read' }, name)
    for (const [id, job] of Object.entries(jobs)) {
      t.ok(job['timeout-minutes'], `${name} ${id}`)
      for (const { uses = './' } of job.steps) t.match(uses, /^(\.\/|[\w-]+\/[\w-]+@v\d+$)/, `${name} ${id}`)
    }
  }
  const newer = textOf(join(WORKFLOWS, 'publish.yml'))
  t.not(validateWorkflow(newer).errors.length, 0, 'remove the replacement when the validator knows the right')
  const broken = textOf(join(WORKFLOWS, 'ci.yml')).replace('runs-on:', 'run-on:')
  t.not(validateWorkflow(broken).errors.length, 0, 'the validator finds a misspelt key')
})

t.test('the action has the form that GitHub asks for, and its scripts exist', async t => {
  const text = textOf('action.yml')
  // The validator's schema is older than node24.
  t.same(validateAction(text.replace('using: node24', 'using: node20')).errors, [])
  t.not(validateAction(text).errors.length, 0, 'remove the replacement when the validator knows node24')
  const { using, main, post } = parse(text).runs
  t.equal(using, 'node24', 'which runs TypeScript')
  for (const script of [main, post]) t.ok(existsSync(join(ROOT, script)), script)
})

t.test(
  'a release is checked, then published with provenance, and then becomes an image for both processors',
  async t => {
    const { check, package: packed, image } = workflow('publish.yml').jobs
    if (!check || !packed || !image) throw new Error('a job is missing')
    t.same(commandsOf(check), ['.ci/run'])
    t.equal(packed.needs, 'check')
    t.equal(packed.permissions?.['id-token'], 'write')
    t.ok(commandsOf(packed).some(command => /^npm publish --provenance .*\.tgz$/.test(command)))
    t.notMatch(textOf(join(WORKFLOWS, 'publish.yml')), /NPM_TOKEN|NODE_AUTH_TOKEN/, 'no token to steal')
    t.equal(image.needs, 'package')
    t.match(settingsOf(image, 'docker/build-push-action'), { platforms: 'linux/amd64,linux/arm64', push: true })
    t.match(settingsOf(image, 'actions/attest-build-provenance'), { 'push-to-registry': true })
    t.match(image.permissions, { 'id-token': 'write', attestations: 'write' }, 'what the attestation needs')
  },
)

t.test(
  'the published package names the repository of the workflow, without which npm refuses the provenance',
  async t => {
    const commands = commandsOf(workflow('publish.yml').jobs.package as Job)
    const [naming, packing] = ['npm pkg set', 'npm pack'].map(start =>
      commands.findIndex(each => each.startsWith(start)),
    )
    t.ok(naming !== undefined && packing !== undefined && naming >= 0 && naming < packing)
    const cwd = t.testdir({ 'package.json': textOf('package.json') })
    const env = { ...process.env, GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'Someone/Firedrill' }
    execFileSync('bash', ['-c', commands[naming ?? 0] ?? ''], { cwd, env, stdio: 'pipe' })
    t.same(JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')), {
      ...JSON.parse(textOf('package.json')),
      repository: { type: 'git', url: 'git+https://github.com/Someone/Firedrill.git' },
    })
  },
)
