// Response headers that forbid browsers to guess content types and to run or load anything.

/** Pages that need more set their own policy. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
}
