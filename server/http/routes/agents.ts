import { createEnrolmentToken } from '../../access/create-enrolment-token.ts'
import { listEnrolmentTokens } from '../../access/enrolment-token-queries.ts'
import { revokeEnrolmentToken } from '../../access/revoke-enrolment-token.ts'
import { listAgents, readAgent } from '../../inventory/agent-queries.ts'
import { removeServer } from '../../inventory/remove-server.ts'
import { revokeAgent } from '../../inventory/revoke-agent.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const agentRoutes: readonly Route[] = [
  readRoute('agents', async ({ records }) => ({ agents: await listAgents(records) })),
  verbRoute('revokeAgent', revokeAgent, async ({ records, roster }, { params }, { deviceId }) => {
    await roster.refresh(deviceId)
    return await readAgent(records, params.id ?? '')
  }),
  verbRoute('removeServer', removeServer, async ({ roster, current }, { params }) => {
    const id = params.id ?? ''
    await roster.refresh(id)
    current.forget(id)
    return {}
  }),
  readRoute('enrolmentTokens', async ({ records }) => ({ tokens: await listEnrolmentTokens(records) })),
  verbRoute('createEnrolmentToken', createEnrolmentToken, (_services, _context, made) => made),
  verbRoute('revokeEnrolmentToken', revokeEnrolmentToken, () => ({})),
]
