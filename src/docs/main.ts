// The page at /docs: the reference of one API, chosen by `?api=`, whose operations can be tried on this server.
import { correctAccessibility } from './accessibility.ts'
import { Credentials } from './credentials.ts'
import { resolveInParts } from './document-part.ts'
import { showProvenance } from './provenance.ts'
import { type DescribedApi, fetchJson, type Settings } from './settings.ts'

const FIRST = 'a9s'

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no element ${id}`)
  return found
}

async function show(): Promise<void> {
  const settings = await fetchJson<Settings>('docs/settings.json')
  const { apis } = settings
  const name = new URLSearchParams(location.search).get('api') ?? FIRST
  const api = apis.find(each => each.name === name)
  element('apis').replaceChildren(...apis.map(each => linkTo(each, each === api)))
  if (!api) {
    element('about').textContent = `There is no API named ${name}. Choose one of those above.`
    return
  }
  document.title = `${api.title} - Firedrill`
  element('about').textContent = aboutOf(settings, api)
  await showReference(api)
}

function linkTo({ name, title }: DescribedApi, isShown: boolean): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = `docs?api=${encodeURIComponent(name)}`
  link.textContent = title
  if (isShown) link.setAttribute('aria-current', 'page')
  return link
}

function aboutOf({ sandbox, version }: Settings, { credentials }: DescribedApi): string {
  const values = Object.values(credentials)
  const signsIn = values.some(value => typeof value !== 'string')
  const filledIn = signsIn
    ? ' The first request that needs a token signs in as the user of the demo data.'
    : values.length > 0
      ? ' The credentials of the demo data are filled in.'
      : ''
  return `Firedrill ${version}. Requests go to the sandbox "${sandbox}" of this server.${filledIn}`
}

async function showReference(api: DescribedApi): Promise<void> {
  const described = await fetchJson<object>(`openapi/${api.name}.json`)
  const credentials = new Credentials(api)
  // The address of the page: a public URL of the server may not be reachable from here.
  const servers = [{ url: new URL('.', location.href).href.replace(/\/$/, ''), description: 'This server' }]
  const ui = SwaggerUIBundle({
    dom_id: '#reference',
    spec: { ...described, servers },
    plugins: [resolveInParts, showProvenance, correctAccessibility],
    requestInterceptor: request => credentials.addToken(request),
    responseInterceptor(response) {
      credentials.check(response)
      return response
    },
    onComplete: () => credentials.fillIn(ui),
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    // Of the themes, one whose colours have enough contrast.
    syntaxHighlight: { theme: 'obsidian' },
    tryItOutEnabled: true,
    validatorUrl: null,
  })
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', applyTheme)
applyTheme()
show().catch((error: Error) => {
  element('about').textContent = `The reference cannot be shown: ${error.message}.`
})
