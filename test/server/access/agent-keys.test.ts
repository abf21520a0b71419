import { describe, expect, it } from 'vitest'
import { createAgentKeys, newAgentKey } from '../../../server/access/agent-keys.ts'
import { newId } from '../../../server/platform/ids.ts'
import { type City, MONDAY, openCity } from './city.ts'

async function addAgent(city: City) {
  const { key, keyHash } = newAgentKey()
  const deviceId = newId(MONDAY)
  const agentId = newId(MONDAY)
  await city.records
    .insertInto('device')
    .values({
      id: deviceId,
      slug: deviceId,
      name: 'db1',
      kind: 'server',
      machine_id: null,
      created_at: 1,
      removed_at: null,
    })
    .execute()
  await city.records
    .insertInto('agent')
    .values({
      id: agentId,
      device_id: deviceId,
      kind: 'remote',
      hostname: 'db1',
      version: '0.1.0',
      key_hash: keyHash,
      interval_ms: 10_000,
      enrolled_at: MONDAY,
      last_contact_at: null,
      last_sample_at: null,
      skew_ms: null,
      revoked_at: null,
    })
    .execute()
  return { key, agentId, deviceId }
}

const revoke = (city: City, agentId: string) =>
  city.records.updateTable('agent').set({ revoked_at: MONDAY }).where('id', '=', agentId).execute()

describe('the key of an agent', () => {
  it('tells which agent and which server it is', async () => {
    const city = await openCity()
    const { key, agentId, deviceId } = await addAgent(city)
    const agentKeys = createAgentKeys(city)
    expect(key).toMatch(/^pantau_agent_[\w-]{43}$/)
    expect(await agentKeys.find(key)).toEqual({ agentId, deviceId, kind: 'remote', revoked: false, quarantined: null })
    expect(await agentKeys.find(`${key}x`)).toBeNull()
    expect(await agentKeys.find('')).toBeNull()
  })

  it('is answered from memory, also while the records are busy and would answer nobody', async () => {
    const city = await openCity()
    const { key, agentId } = await addAgent(city)
    const agentKeys = createAgentKeys(city)
    await agentKeys.find(key)
    await city.records.transaction().execute(async () => {
      expect((await agentKeys.find(key))?.agentId).toBe(agentId)
    })
  })

  it('that is revoked is told so from the next request on', async () => {
    const city = await openCity()
    const { key, agentId } = await addAgent(city)
    const other = await addAgent(city)
    const agentKeys = createAgentKeys(city)
    await agentKeys.find(key)
    await revoke(city, agentId)
    agentKeys.forget(agentId)
    expect(await agentKeys.find(key)).toMatchObject({ agentId, revoked: true })
    expect(await agentKeys.find(other.key)).toMatchObject({ revoked: false })
  })

  it('is not remembered as good when it is revoked while it is being read', async () => {
    const city = await openCity()
    const { key, agentId } = await addAgent(city)
    const gate = Promise.withResolvers<void>()
    const slow = city.records.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        await gate.promise
        return result
      },
    })
    const agentKeys = createAgentKeys({ records: slow })
    const reading = agentKeys.find(key)
    await city.records.selectFrom('agent').select('id').execute()
    await revoke(city, agentId)
    agentKeys.forget(agentId)
    gate.resolve()
    expect(await reading).toMatchObject({ revoked: false })
    expect(await agentKeys.find(key)).toMatchObject({ revoked: true })
  })

  it('stays good when memory holds fewer keys than there are agents', async () => {
    const city = await openCity()
    const agents = [await addAgent(city), await addAgent(city), await addAgent(city)]
    const agentKeys = createAgentKeys({ records: city.records, keptKeys: 2 })
    for (let round = 0; round < 3; round += 1)
      for (const { key, agentId } of agents) expect((await agentKeys.find(key))?.agentId).toBe(agentId)
  })
})
