// Base paths as an API's documentation writes them, with parameters in braces.

const PARAMETER = /\{(\w+)\}/g

/** The base path as Fastify writes it. */
export function routePrefix(basePath: string): string {
  return basePath.replace(PARAMETER, ':$1')
}

/** Matches URLs at or below one of the base paths. The value of a parameter may be empty. */
export function urlsBelow(basePaths: readonly string[]): RegExp {
  const patterns = basePaths.map(path => path.replace(/\./g, '\\.').replace(PARAMETER, '[^/?]*'))
  return new RegExp(`^(?:${patterns.join('|')})(?=[/?#]|$)`)
}
