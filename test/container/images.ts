// Builds images without a daemon: bases made of Debian packages and Node.js, and the image of the Dockerfile on them.
import { copyFileSync, cpSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { asRoot } from './commands.ts'

const CHECKOUT = join(import.meta.dirname, '../..')
const SHELL_COMMANDS = ['sh', 'tar', 'gunzip', 'mv', 'rm', 'mkdir', 'ln', 'chown']

export interface Inspected {
  OCIv1: { architecture: string }
  Docker: {
    config: {
      User: string
      Env: string[]
      Entrypoint: string[]
      ExposedPorts: Record<string, object>
      Labels: Record<string, string>
      StopSignal: string
      Healthcheck: { Test: string[] }
    }
  }
}

/** A store of images in a folder of its own, and what the Dockerfile may copy from. */
export class Images {
  readonly #folder: string
  readonly #context: string

  constructor(folder: string, tarball: string) {
    this.#folder = folder
    this.#context = join(folder, 'context')
    const native = 'node_modules/better-sqlite3'
    cpSync(join(CHECKOUT, native), join(this.#context, native), { recursive: true })
    copyFileSync(tarball, join(this.#context, basename(tarball)))
    copyFileSync(join(CHECKOUT, '.dockerignore'), join(this.#context, '.dockerignore'))
  }

  buildah(...words: string[]): string {
    const store = ['--root', join(this.#folder, 'store'), '--runroot', join(this.#folder, 'run')]
    return asRoot(['buildah', ...store, '--storage-driver', 'vfs', ...words])
  }

  /** `args` are build arguments. */
  build(name: string, args: Record<string, string>, ...options: string[]): void {
    const given = Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`])
    const dockerfile = ['--file', join(CHECKOUT, 'Dockerfile'), '--format', 'docker', '--isolation', 'chroot']
    this.buildah('build', ...dockerfile, '--pull-never', ...given, ...options, '--tag', name, this.#context)
  }

  inspect(name: string): Inspected {
    return JSON.parse(this.buildah('inspect', '--type', 'image', name))
  }

  /** The folder of a new container's files. */
  mount(name: string): string {
    return this.buildah('mount', this.buildah('from', '--pull-never', `localhost/${name}`))
  }

  /** The size of the layers as a registry stores them. */
  compressedBytes(name: string): number {
    const target = join(this.#folder, `${name}.image`)
    this.buildah('push', '--quiet', name, `dir:${target}`)
    const { layers } = JSON.parse(asRoot(['cat', join(target, 'manifest.json')])) as { layers: { size: number }[] }
    return layers.reduce((sum, { size }) => sum + size, 0)
  }

  /** The C library, the C++ library, certificates and the Node.js of the checkout; no shell. */
  makeRuntimeBase(name: string): void {
    const root = this.#extract(name, ['libc6', 'libgcc-s1', 'libstdc++6', 'ca-certificates'])
    for (const folder of ['proc', 'dev', 'nodejs/bin']) asRoot(['mkdir', '--parents', join(root, folder)])
    asRoot(['cp', process.execPath, join(root, 'nodejs/bin/node')])
    this.#commit(name, root)
  }

  /** Busybox alone. */
  makeBuilderBase(name: string): void {
    const root = this.#extract(name, ['busybox-static'])
    for (const command of SHELL_COMMANDS) asRoot(['ln', '--symbolic', 'busybox', join(root, 'bin', command)])
    this.#commit(name, root)
  }

  /** A folder with the files of Debian packages, which are not installed. */
  #extract(name: string, packages: readonly string[]): string {
    const [downloads, root] = [join(this.#folder, `${name}-packages`), join(this.#folder, name)]
    mkdirSync(downloads)
    asRoot(['apt-get', 'download', '-qq', ...packages], { cwd: downloads })
    for (const file of readdirSync(downloads)) asRoot(['dpkg-deb', '--extract', join(downloads, file), root])
    return root
  }

  #commit(name: string, root: string): void {
    const container = this.buildah('from', 'scratch')
    this.buildah('copy', '--quiet', container, root, '/')
    this.buildah('commit', '--quiet', '--rm', container, name)
  }
}
