// arcgis: the directory as a whole: every page is reached by links, and every operation has a form with its parameters.
import t, { type Test } from 'tap'
import { openapiDocument } from '../../../src/openapi.ts'
import { get, post } from './client.ts'
import { browse, hrefsIn, isPage } from './directory.ts'

const PORTAL = '/arcgis/sharing/rest'
const TASKS = '/arcgis/admin/system/tasks'

/** The vendor's sample, which runs each hour. */
const TASK = {
  type: 'CreateBackup',
  parameters: JSON.stringify({ name: 'myBackup', passcode: 'myPassword', storeName: 'backupsDefault' }),
  minute: '0',
  hour: '*',
  dayOfMonth: '*',
  month: '*',
  dayOfWeek: '*',
}

/** Things of every kind, and their names in paths. */
async function prepared(t: Test) {
  const browser = await browse(t)
  const { server, token } = browser
  const { taskId } = (await post(server, `${TASKS}/createTask`, { token, ...TASK })).json
  server.default.clock.advance({ by: '90m' })
  const { result: runs } = (await get(server, `${TASKS}/${taskId}/runs`, { token })).json
  const username = 'siteadmin'
  const item = { token, title: 'Map', type: 'Web Map' }
  const { id } = (await post(server, `${PORTAL}/content/users/${username}/addItem`, item)).json
  const names: Record<string, string> = {
    context: 'arcgis',
    storeName: 'backupStore',
    backupName: 'backup_first',
    taskID: taskId,
    runID: runs[0].runId,
    jobid: (await get(server, '/arcgis/admin/jobs', { token })).json.jobs[0],
    username,
    id,
  }
  return { ...browser, pathOf: (path: string) => path.replaceAll(/\{(\w+)\}/g, (_braced, name) => names[name] ?? '') }
}

interface Operation {
  operationId: string
  requestBody?: { content: Record<string, { schema: { $ref: string } }> }
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { properties?: object }> }
}

/** The part of the document about this API. */
async function describedPaths() {
  const { paths, components } = (await openapiDocument('apis')) as unknown as Document
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/{context}/'))
    .map(([path, operations]) => ({
      path: path.replace(/\/$/, ''),
      operations: Object.values(operations).map(({ operationId, requestBody }) => {
        const [body] = Object.values(requestBody?.content ?? {})
        const { properties = {} } = components.schemas[body?.schema.$ref.split('/').at(-1) ?? ''] ?? {}
        return { operationId, parameters: Object.keys(properties) }
      }),
    }))
}

t.test('directory: every page is reached from the roots by links that work', async t => {
  const { page, pathOf } = await prepared(t)
  const reached = new Set<string>()
  const waiting = ['/arcgis/admin', PORTAL]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    const answer = await page(path)
    if (answer.status !== 200 || /<h2>(Error|Login)<\/h2>/.test(answer.text)) t.fail(`${path} is not a page`)
    const [, crumbs = ''] = /<nav[^>]*>(.*)<\/nav>/.exec(answer.text) ?? []
    t.match(crumbs, /^<a href="[^"]*">Home<\/a>/)
    waiting.push(...hrefsIn(answer).filter(href => href.startsWith('/') && !href.endsWith('/logout')))
  }
  const described = (await describedPaths()).map(({ path }) => pathOf(path))
  t.strictSame(
    described.filter(path => !reached.has(path) && !path.includes('/backuprestore')),
    ['/arcgis/admin/rest/info'],
    'all but the info for programs and the deprecated resources',
  )
})

t.test('directory: every operation has a form with each of its parameters', async t => {
  const { page, token, pathOf } = await prepared(t)
  let forms = 0
  for (const { path, operations } of await describedPaths()) {
    // A resource is served by GET, too.
    const [operation, ...others] = operations
    if (!operation || others.length > 0) continue
    const { operationId, parameters } = operation
    const form = await page(pathOf(path))
    forms += 1
    isPage(t, form)
    t.match(form.text, `<form method="post" action="${pathOf(path)}">`, operationId)
    t.match(form.text, `<input type="hidden" name="token" value="${token}">`)
    t.match(form.text, '<select id="f" name="f"><option value="html">HTML</option><option value="json">JSON</option>')
    const shown = [...form.text.matchAll(/<(?:input|select|textarea) [^>]*name="(\w+)"/g)].map(([, name]) => name)
    t.strictSame(shown.toSorted(), [...new Set(['token', ...parameters])].toSorted(), operationId)
  }
  t.ok(forms > 20, `${forms} forms`)
})
