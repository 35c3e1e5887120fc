// The files in deploy/ for Kubernetes and Compose: fields and types, names that belong together, options that the server accepts.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { serve } from '../program.ts'
import { CONFIGURATION } from './cluster.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEPLOY = join(ROOT, 'deploy')

interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string }
  // biome-ignore lint/suspicious/noExplicitAny: its type depends on the kind, and tsc checks it below
  spec: any
  data?: Record<string, string>
}

const manifests: Manifest[] = parseAllDocuments(
  execFileSync('kubectl', ['kustomize', DEPLOY], { encoding: 'utf8' }),
).map(document => document.toJS())

const named = (kind: string, name: string) => {
  const found = manifests.find(manifest => manifest.kind === kind && manifest.metadata.name === name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}
const server = named('StatefulSet', 'firedrill').spec
const proxy = named('Deployment', 'firedrill-proxy').spec
/** The names of the processes that HAProxy knows, of both backends. */
const servers = [...CONFIGURATION.matchAll(/^ {2}server (\S+) (\S+):8420 id (\d+)$/gm)].map(([, ...words]) => words)
const names = servers.slice(0, servers.length / 2).map(([name]) => name)

/** What the TypeScript compiler says about the manifests, with the types of the resources of Kubernetes. */
function typeErrors(checked: readonly Manifest[]): string {
  const file = join(mkdtempSync(join(t.testdir(), 'types-')), 'manifests.ts')
  const lines = checked.map((manifest, index) => {
    const version = manifest.apiVersion.includes('/') ? manifest.apiVersion : `core/${manifest.apiVersion}`
    const types = join(ROOT, 'node_modules/kubernetes-types', version)
    return `export const manifest${index}: import('${types}').${manifest.kind} = ${JSON.stringify(manifest, null, 2)}\n`
  })
  writeFileSync(file, lines.join(''))
  const args = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'preserve', '--types', '', file]
  // What tap loads into processes would keep the compiler from starting.
  const withoutTap = ['-c', 'unset NODE_OPTIONS; exec "$@"', 'sh', join(ROOT, 'node_modules/.bin/tsc')]
  const { stdout, stderr } = spawnSync('sh', [...withoutTap, ...args], { encoding: 'utf8' })
  return stdout + stderr
}

t.test('the manifests have known fields with the right types', async t => {
  t.equal(typeErrors(manifests), '')
  const misspelt = structuredClone(named('StatefulSet', 'firedrill'))
  misspelt.spec.template.spec.terminationGracePeriod = 330
  const wrong = structuredClone(named('Deployment', 'firedrill-proxy'))
  wrong.spec.replicas = '2'
  const errors = typeErrors([misspelt, wrong])
  t.match(errors, /"terminationGracePeriod"' does not exist/, 'a misspelt field is found')
  t.match(errors, /Type 'string' is not assignable to type 'number'/, 'a wrong type is found')
})

t.test('HAProxy, StatefulSet, Services and Compose have the same processes', async t => {
  t.same(servers.slice(names.length), servers.slice(0, names.length), 'both backends of haproxy.cfg')
  t.same(
    servers.map(([name]) => name),
    servers.map(([, host]) => host),
    'addresses are the names',
  )
  t.same(
    names,
    Array.from({ length: server.replicas }, (_, index) => `firedrill-${index}`),
    'the pods of the StatefulSet',
  )
  for (const name of names) {
    const { selector, ports, publishNotReadyAddresses } = named('Service', name ?? '').spec
    t.same(selector, { 'statefulset.kubernetes.io/pod-name': name })
    t.match({ ports, publishNotReadyAddresses }, { ports: [{ port: 8420 }], publishNotReadyAddresses: true })
  }
  const { services } = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'))
  t.same(Object.keys(services), [...names, 'proxy'])
  const addresses = names.map(name => `${name}:${services[name ?? ''].networks.cluster.ipv4_address}`)
  t.same(services.proxy.extra_hosts, addresses)
  t.same(services.proxy.depends_on, names)
  t.equal(services.proxy.image, proxy.template.spec.containers[0].image)
  const { include } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'))
  t.same(include, ['deploy/compose.yaml'])
})

t.test('selectors, ports, volumes and secrets fit together', async t => {
  for (const { selector, template } of [server, proxy]) t.match(template.metadata.labels, selector.matchLabels)
  t.equal(named('Service', server.serviceName).spec.clusterIP, 'None')
  t.match(server.template.metadata.labels, named('Service', server.serviceName).spec.selector)
  t.match(proxy.template.metadata.labels, named('Service', 'firedrill').spec.selector)
  t.match(server.template.metadata.labels, named('PodDisruptionBudget', 'firedrill').spec.selector.matchLabels)
  t.match(proxy.template.metadata.labels, named('PodDisruptionBudget', 'firedrill-proxy').spec.selector.matchLabels)
  const [config] = proxy.template.spec.volumes
  t.equal(named('ConfigMap', config.configMap.name).data?.['haproxy.cfg'], CONFIGURATION, 'one definition of the proxy')
  for (const { template } of [server, proxy]) {
    const [container] = template.spec.containers
    t.match(template.spec.securityContext, { runAsNonRoot: true })
    t.match(container.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
    t.match(container.resources, { requests: Object, limits: Object })
    t.equal(container.ports[0].containerPort, 8420)
  }
})

t.test('the server starts with the arguments of the StatefulSet, and stops within the grace period', async t => {
  const { terminationGracePeriodSeconds, containers } = server.template.spec
  const [{ args }] = containers
  const seconds = 60 * Number(args.join(' ').match(/--shutdown-timeout=(\d+)m/)?.[1])
  t.ok(seconds > 0 && seconds < terminationGracePeriodSeconds, `${seconds} s`)
  const here = args.map((arg: string) => arg.replace('/data', t.testdir()).replace('0.0.0.0', '127.0.0.1'))
  const { url } = await serve(t, { args: [...here, '--port', '0'], env: { FIREDRILL_ADMIN_TOKEN: 'token' } })
  const [{ startupProbe, readinessProbe, livenessProbe }] = containers
  for (const { httpGet } of [startupProbe, readinessProbe, livenessProbe])
    t.equal((await fetch(url + httpGet.path)).status, 200, httpGet.path)
})
