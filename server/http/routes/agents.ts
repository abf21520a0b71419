import { createEnrolmentToken } from '../../access/create-enrolment-token.ts'
import { listEnrolmentTokens } from '../../access/enrolment-token-queries.ts'
import { revokeEnrolmentToken } from '../../access/revoke-enrolment-token.ts'
import { allowUpgrade } from '../../install/allow-upgrade.ts'
import { agentsEnrolledWith, listAgents, readAgent } from '../../inventory/agent-queries.ts'
import { createRouter } from '../../inventory/create-router.ts'
import { liftQuarantine } from '../../inventory/lift-quarantine.ts'
import { removeServer } from '../../inventory/remove-server.ts'
import { revokeAgent } from '../../inventory/revoke-agent.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const agentRoutes: readonly Route[] = [
  readRoute('agents', ({ records, install }, { query }) => listAgents(records, install.bundles.newest, query)),
  verbRoute('allowUpgrade', allowUpgrade, (_services, _context, { allowed }) => ({ allowed })),
  verbRoute('revokeAgent', revokeAgent, async ({ records, roster, install }, { params }, { deviceId }) => {
    await roster.refresh(deviceId)
    return await readAgent(records, params.id ?? '', install.bundles.newest)
  }),
  verbRoute('createRouter', createRouter, async ({ roster, install }, _context, { agentId, deviceId, key, system }) => {
    await roster.refresh(deviceId)
    return { agentId, deviceId, script: install.pushScript(system, key) }
  }),
  verbRoute('liftQuarantine', liftQuarantine, ({ records, install }, { params }) =>
    readAgent(records, params.id ?? '', install.bundles.newest),
  ),
  verbRoute('removeServer', removeServer, async ({ roster, current }, { params }) => {
    const id = params.id ?? ''
    await roster.refresh(id)
    current.forget(id)
    return {}
  }),
  readRoute('enrolmentTokens', async ({ records }) => ({ tokens: await listEnrolmentTokens(records) })),
  verbRoute('createEnrolmentToken', createEnrolmentToken, (_services, _context, made) => made),
  readRoute('enrolledWith', ({ records }, { params }) => agentsEnrolledWith(records, params.id ?? '')),
  readRoute('install', ({ install }) => install.view()),
  verbRoute('revokeEnrolmentToken', revokeEnrolmentToken, () => ({})),
]
