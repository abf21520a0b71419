import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import type { TaskOrder, TaskRequest } from '../../protocol/tasks.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { addressesOf, RangeProblem } from './address-ranges.ts'
import { openCredentials } from './credential-secrets.ts'

/**
 * The request as the agent gets it: with the secrets of the credentials, and each address by itself. Errors: `not-found`,
 * `bad-request`.
 */
export async function orderOf(tx: RecordsTransaction, vault: Vault, request: TaskRequest): Promise<TaskOrder> {
  switch (request.kind) {
    case 'snmp-test': {
      const { credentialIds, ...rest } = request
      return { ...rest, credentials: await openCredentials(tx, vault, credentialIds) }
    }
    case 'discover': {
      const { credentialIds, ranges, ...rest } = request
      const credentials = await openCredentials(tx, vault, credentialIds)
      return { ...rest, credentials, addresses: addressesIn(ranges) }
    }
    default:
      return request
  }
}

function addressesIn(ranges: readonly string[]): string[] {
  try {
    return addressesOf(ranges, SNMP_LIMITS.addresses)
  } catch (error) {
    if (!(error instanceof RangeProblem)) throw error
    throw new ProblemError('bad-request', error.message, {
      issues: [{ path: 'order.ranges', message: error.message }],
    })
  }
}
