// Bearer tokens in a header: the scheme in any case, as RFC 9110 has it.

/** The token of `Bearer <token>`; undefined when the header is absent or has another scheme. */
export function bearerToken(header: string | string[] | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec([header].flat()[0] ?? '')?.[1]
}
