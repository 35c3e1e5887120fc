// Reads bearer tokens from a header. The scheme is case-insensitive (RFC 9110).

/** The token of `Bearer <token>`; undefined when the header is absent or has another scheme. */
export function bearerToken(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header
  return value === undefined ? undefined : BEARER.exec(value)?.[1]
}

const BEARER = /^bearer +(\S+) *$/i
