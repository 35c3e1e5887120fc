// What every answer tells browsers: to take it for what its content type says, and to run and load nothing from it.

/** Pages that need more bring a policy of their own. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"],
]
