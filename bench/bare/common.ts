// What several routes of the baseline need.
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'

/** Not a union, which would be validated while it is serialized. */
export const nullableText = Type.Unsafe<string | null>({ type: 'string', nullable: true })

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return headers.authorization?.replace(/^bearer /i, '')
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => ESCAPES[character] ?? character)
}
