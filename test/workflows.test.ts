// The files that GitHub Actions reads: valid, and with the rights and the steps that a release needs.
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
const commandsOf = ({ steps }: Job) => steps.flatMap(({ run = [] }) => run)

t.test('every workflow has the form that GitHub asks for, few rights and a time limit', async t => {
  t.same(names.sort(), ['ci.yml', 'publish.yml'])
  for (const name of names) {
    t.same(validateWorkflow(textOf(join(WORKFLOWS, name))).errors, [], name)
    const { permissions, jobs } = workflow(name)
    t.same(permissions, { contents: 'read' }, name)
    for (const [id, job] of Object.entries(jobs)) {
      t.ok(job['timeout-minutes'], `${name} ${id}`)
      for (const { uses = './' } of job.steps) t.match(uses, /^(\.\/|[\w-]+\/[\w-]+@v\d+$)/, `${name} ${id}`)
    }
  }
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
    t.match(image.steps.at(-1), { with: { platforms: 'linux/amd64,linux/arm64', push: true, provenance: 'mode=max' } })
  },
)
