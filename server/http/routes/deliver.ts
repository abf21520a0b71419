import { CALLS } from '../../../protocol/api.ts'
import { BATCH_LIMITS } from '../../../protocol/wire.ts'
import { bearerSecret } from '../../access/authenticate.ts'
import { parseInput } from '../../access/verb.ts'
import { enrolAgent } from '../../inventory/enrol-agent.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { readRequestBody } from '../read-request-body.ts'
import { machineRoute, type Route } from '../route.ts'

export const deliveryRoutes: readonly Route[] = [
  machineRoute('enrol', async (services, { request }) => {
    const tokenSecret = bearerSecret(request.get('authorization'))
    if (tokenSecret === null) throw new ProblemError('unauthenticated', 'No enrolment token came with the request')
    const enrolment = parseInput(CALLS.enrol.body, request.body)
    const { replacedAgentIds, ...enrolled } = await enrolAgent(services, { tokenSecret, enrolment })
    for (const id of replacedAgentIds) services.agentKeys.forget(id)
    await services.roster.refresh(enrolled.deviceId)
    services.changes.append({ kind: 'server', id: enrolled.deviceId })
    services.log.info({ agent: enrolled.agentId, hostname: enrolment.hostname }, 'Agent enrolled')
    return enrolled
  }),

  machineRoute('ingest', async (services, { request }) => {
    const key = bearerSecret(request.get('authorization'))
    const agent = key === null ? null : await services.agentKeys.find(key)
    if (agent === null) throw new ProblemError('unauthenticated', 'The agent key is missing or unknown')
    if (agent.revoked) throw new ProblemError('agent-revoked')
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
]
