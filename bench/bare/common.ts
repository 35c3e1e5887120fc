// What several routes of the baseline need.
import type { FastifyRequest } from 'fastify'

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return headers.authorization?.replace(/^bearer /i, '')
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => ESCAPES[character] ?? character)
}
