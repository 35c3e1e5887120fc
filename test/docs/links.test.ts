// The links of README, the documentation and the examples lead to files and headings that exist, and lists of names are complete.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import GithubSlugger from 'github-slugger'
import t from 'tap'
import { pages, pageText, ROOT } from './pages.ts'

/** Without blocks of code, whose brackets are no links. */
function prose(text: string): string {
  return text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]+`/g, code => code.replace(/[[\]()<>]/g, ''))
}

function targetsIn(text: string): string[] {
  const links = [...prose(text).matchAll(/\]\(([^)\s]+)/g), ...prose(text).matchAll(/ (?:href|src|srcset)="([^"]+)"/g)]
  const bare = prose(text).matchAll(/<(https?:[^>]*)>/g)
  return [...links, ...bare].map(([, target = '']) => target)
}

/** The anchors of the headings, as GitHub, GitLab and Gitea make them. */
function anchorsIn(text: string): string[] {
  const slugger = new GithubSlugger()
  const headings = text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) => slugger.slug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')))
}

/** What is wrong with a link of the page; undefined if nothing is. */
function problemOf(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) {
    return /^https?:\/\/[^/]+/.test(target) && URL.canParse(target) ? undefined : 'is not a URL'
  }
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(path))
  if (file.startsWith('..') || !existsSync(`${ROOT}/${file}`)) return 'does not exist'
  if (anchor === undefined || !file.endsWith('.md')) return undefined
  return anchorsIn(pageText(file)).includes(anchor) ? undefined : 'has no such heading'
}

t.test('every link leads somewhere', async t => {
  t.ok(pages.length > 20)
  for (const page of pages) {
    const targets = targetsIn(pageText(page))
    const broken = targets.flatMap(target => {
      const problem = problemOf(page, target)
      return problem === undefined ? [] : [`${target} ${problem}`]
    })
    t.same(broken, [], page)
  }
})

t.test('a broken link is found', async t => {
  t.equal(problemOf('docs/README.md', 'guides/nothing.md'), 'does not exist')
  t.equal(problemOf('docs/README.md', '../README.md#nothing'), 'has no such heading')
  t.equal(problemOf('docs/README.md', '../../README.md'), 'does not exist')
  t.equal(problemOf('docs/README.md', 'https:nothing'), 'is not a URL')
  t.equal(problemOf('docs/README.md', '../README.md#quick-start'), undefined)
})

t.test('docs/README.md leads to every page, and README.md to it', async t => {
  const index = targetsIn(pageText('docs/README.md')).map(target => posix.join('docs', target))
  const missing = pages.filter(page => page.startsWith('docs/') && page !== 'docs/README.md' && !index.includes(page))
  t.same(missing, [])
  t.ok(targetsIn(pageText('README.md')).includes('docs/README.md'))
})

t.test('README.md is short, and its images are in the package', async t => {
  t.ok(pageText('README.md').split('\n').length <= 250)
  const { files } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { files: string[] }
  const images = targetsIn(pageText('README.md')).filter(target => /\.(png|svg)$/.test(target))
  t.same(images.sort(), files.filter(file => file.startsWith('docs/')).sort())
})

t.test('docs/guides/state.md lists every scenario', async t => {
  const names = readdirSync(`${ROOT}/fixtures/scenarios`).map(file => file.replace('.json', ''))
  const listed = [...pageText('docs/guides/state.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name)
  t.same(listed.sort(), names.sort())
})

t.test('docs/architecture.md names only files that exist', async t => {
  const roots = ['src', 'schemas', 'test', 'docs', 'fixtures']
  const files = roots.flatMap(root =>
    readdirSync(`${ROOT}/${root}`, { recursive: true }).map(file => `/${root}/${file}`),
  )
  const named = [...pageText('docs/architecture.md').matchAll(/`([\w./-]+\.ts|[\w-]+\/[\w./-]*)`/g)].map(
    ([, name = '']) => name.replace(/\/$/, ''),
  )
  t.ok(named.length > 20)
  const isBuilt = (name: string) => name.startsWith('dist/')
  for (const name of new Set(named.filter(name => !isBuilt(name)))) {
    t.ok(files.some(file => `${file}/`.endsWith(`/${name}/`)) || existsSync(`${ROOT}/${name}`), name)
  }
})
