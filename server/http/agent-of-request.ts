import type { Request } from 'express'
import type { AgentIdentity } from '../access/agent-keys.ts'
import { bearerSecret } from '../access/authenticate.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Services } from './services.ts'

/** Whose key came with the request. Errors: `unauthenticated`, `agent-revoked`. */
export async function agentOfRequest(services: Services, request: Request): Promise<AgentIdentity> {
  const key = bearerSecret(request.get('authorization'))
  const agent = key === null ? null : await services.agentKeys.find(key)
  if (agent === null) throw new ProblemError('unauthenticated', 'The agent key is missing or unknown')
  if (agent.revoked) throw new ProblemError('agent-revoked')
  return agent
}
