// Responses that are not part of a vendor's API: problem details (RFC 9457).
import type { FastifyReply } from 'fastify'

export interface Problem {
  status: number
  title: string
  detail: string
  [member: string]: unknown
}

export const PROBLEM_TYPE = 'application/problem+json'

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_TYPE).send(problemBody(problem))
}

export function problemBody({ status, title, detail, ...more }: Problem): string {
  return JSON.stringify({ type: 'about:blank', title, status, detail, ...more })
}
