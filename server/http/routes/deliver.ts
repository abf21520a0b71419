import type { Request } from 'express'
import { CALLS } from '../../../protocol/api.ts'
import { BATCH_LIMITS } from '../../../protocol/wire.ts'
import type { AgentIdentity } from '../../access/agent-keys.ts'
import { bearerSecret } from '../../access/authenticate.ts'
import { parseInput } from '../../access/verb.ts'
import { answerUpgradeQuestion } from '../../install/upgrade-offer.ts'
import { enrolAgent } from '../../inventory/enrol-agent.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { refuseUnreachable } from '../install-files.ts'
import { readRequestBody } from '../read-request-body.ts'
import { machineRoute, type Route } from '../route.ts'
import type { Services } from '../services.ts'

export const deliveryRoutes: readonly Route[] = [
  machineRoute('enrol', async (services, { request }) => {
    const tokenSecret = bearerSecret(request.get('authorization'))
    if (tokenSecret === null) throw new ProblemError('unauthenticated', 'No enrolment token came with the request')
    const enrolment = parseInput(CALLS.enrol.body, request.body)
    if (!isLoopbackAddress(request.socket.remoteAddress)) refuseUnreachable(services)
    const { replacedAgentIds, ...enrolled } = await enrolAgent(services, { tokenSecret, enrolment })
    for (const id of replacedAgentIds) services.agentKeys.forget(id)
    await services.roster.refresh(enrolled.deviceId)
    services.changes.append({ kind: 'server', id: enrolled.deviceId })
    services.log.info({ agent: enrolled.agentId, hostname: enrolment.hostname }, 'Agent enrolled')
    return enrolled
  }),

  machineRoute('ingest', async (services, { request }) => {
    const agent = await requireAgent(services, request)
    const answer = await services.acceptBatch({
      agentId: agent.agentId,
      headers: request.headers,
      body: await readRequestBody(request, BATCH_LIMITS.bodyBytes),
      contentEncoding: request.get('content-encoding'),
    })
    if (answer.kind === 'problem') {
      const { code, issues, retryAfterS } = answer
      throw new ProblemError(code, undefined, {
        ...(issues === undefined ? {} : { issues }),
        ...(retryAfterS === undefined ? {} : { retryAfterS }),
      })
    }
    return answer.receipt
  }),

  machineRoute('upgradeOffer', async (services, { request }) => {
    const agent = await requireAgent(services, request)
    const question = parseInput(CALLS.upgradeOffer.body, request.body)
    const { records, install } = services
    return await answerUpgradeQuestion({ records, bundles: install.bundles }, agent.agentId, question)
  }),
]

/** Whose key came with the request. Errors: `unauthenticated`, `agent-revoked`. */
async function requireAgent(services: Services, request: Request): Promise<AgentIdentity> {
  const key = bearerSecret(request.get('authorization'))
  const agent = key === null ? null : await services.agentKeys.find(key)
  if (agent === null) throw new ProblemError('unauthenticated', 'The agent key is missing or unknown')
  if (agent.revoked) throw new ProblemError('agent-revoked')
  return agent
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}
