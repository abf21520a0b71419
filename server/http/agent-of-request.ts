import type { IncomingMessage } from 'node:http'
import type { AgentIdentity } from '../access/agent-keys.ts'
import { bearerSecret } from '../access/authenticate.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Services } from './services.ts'

/**
 * Whose key came with the request. The key of a router is good for pushing and nothing else, and no other key is.
 * Errors: `unauthenticated`, `agent-revoked`, `agent-quarantined`, `forbidden`.
 */
export async function agentOfRequest(
  services: Services,
  request: IncomingMessage,
  door: 'agent' | 'push',
): Promise<AgentIdentity> {
  const key = bearerSecret(request.headers.authorization)
  const agent = key === null ? null : await services.agentKeys.find(key)
  if (agent === null) throw new ProblemError('unauthenticated', 'The agent key is missing or unknown')
  if (agent.revoked) throw new ProblemError('agent-revoked')
  if (agent.quarantined !== null) throw new ProblemError('agent-quarantined', agent.quarantined)
  if ((agent.kind === 'push') !== (door === 'push')) throw new ProblemError('forbidden', 'This key is for another door')
  return agent
}
