import type { IncomingMessage } from 'node:http'
import { CALLS } from '../../../protocol/api.ts'
import type { BatchReceipt } from '../../../protocol/batch.ts'
import { BATCH_LIMITS } from '../../../protocol/wire.ts'
import { bearerSecret } from '../../access/authenticate.ts'
import { parseInput } from '../../access/verb.ts'
import type { Acceptance } from '../../ingest/accept-batch.ts'
import { PUSH_LIMITS } from '../../ingest/push-text.ts'
import { answerUpgradeQuestion } from '../../install/upgrade-offer.ts'
import { enrolAgent } from '../../inventory/enrol-agent.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { agentOfRequest } from '../agent-of-request.ts'
import { refuseUnreachable } from '../install-files.ts'
import { readRequestBody } from '../read-request-body.ts'
import { machineRoute, type Route } from '../route.ts'
import type { Services } from '../services.ts'

/** Errors: those of `agentOfRequest` and of the door. */
export async function takeBatch(services: Services, request: IncomingMessage): Promise<BatchReceipt> {
  const agent = await agentOfRequest(services, request, 'agent')
  const answer = await services.acceptBatch({
    agentId: agent.agentId,
    headers: request.headers,
    body: await readRequestBody(request, BATCH_LIMITS.bodyBytes),
    contentEncoding: request.headers['content-encoding'],
  })
  if (answer.kind === 'problem') throw refusal(answer)
  return answer.receipt
}

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

  machineRoute('ingest', (services, { request }) => takeBatch(services, request)),

  machineRoute('push', async (services, { request }) => {
    const { agentId } = await agentOfRequest(services, request, 'push')
    const answer = await services.acceptPush({ agentId, body: await readRequestBody(request, PUSH_LIMITS.bodyBytes) })
    if (answer.kind === 'problem') throw refusal(answer)
    return answer.kind === 'again'
      ? { receivedAt: answer.receivedAt, again: true }
      : { receivedAt: answer.receipt.receivedAt, again: false }
  }),

  machineRoute('upgradeOffer', async (services, { request }) => {
    const agent = await agentOfRequest(services, request, 'agent')
    const question = parseInput(CALLS.upgradeOffer.body, request.body)
    const { records, install, assignments } = services
    return await answerUpgradeQuestion({ records, bundles: install.bundles, assignments }, agent.agentId, question)
  }),
]

function refusal({ code, detail, issues, retryAfterS }: Extract<Acceptance, { kind: 'problem' }>): ProblemError {
  return new ProblemError(code, detail, {
    ...(issues === undefined ? {} : { issues }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  })
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}
