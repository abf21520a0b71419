import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Enrolled } from '../../../protocol/batch.ts'
import { userActor } from '../../../server/access/actor.ts'
import { createEnrolmentToken } from '../../../server/access/create-enrolment-token.ts'
import { enrolAgent } from '../../../server/inventory/enrol-agent.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

const MOST_USES = 10_000

/**
 * So many machines enrol, by what answers an agent that enrols, in the data directory of a collector that does not run
 * yet. Without waiting for the disk ten thousand times: how long enrolling takes is not what is measured.
 */
export async function enrolAgents(data: string, count: number): Promise<Enrolled[]> {
  const records = await openRecords({ directory: data })
  try {
    await sql`pragma synchronous = off`.execute(records)
    const deps = { records, changes: createChangeFeed(), now: Date.now }
    const actor = userActor({ id: randomUUID(), role: 'admin' })
    const found: Enrolled[] = []
    let tokenSecret = ''
    for (let number = 0; number < count; number += 1) {
      if (number % MOST_USES === 0) {
        const made = await createEnrolmentToken.perform(deps, actor, { label: 'bench', uses: MOST_USES })
        tokenSecret = made.secret
      }
      const machineId = createHash('sha256').update(randomUUID()).digest('hex')
      const enrolment = { hostname: `server-${number}`, machineId, agentVersion: '0.1.0' }
      const { agentId, deviceId, key } = await enrolAgent(deps, { tokenSecret, enrolment })
      found.push({ agentId, deviceId, key })
    }
    return found
  } finally {
    await records.destroy()
  }
}
