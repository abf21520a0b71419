import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../server/access/audit.ts'
import { readAuditHeads } from '../../../server/access/audit-heads.ts'
import { createAccessUpkeep } from '../../../server/access/upkeep.ts'
import { HOUR_MS, openCity, refusal } from './city.ts'

describe('the hourly upkeep of access', () => {
  it('sweeps sessions, audits failed logins and notes the head that has them', async () => {
    const city = await openCity()
    const { user } = await city.setUp()
    await refusal(city.signIn('ayu', 'wrong'))
    const upkeep = createAccessUpkeep({ ...city.deps, directory: city.directory })
    city.clock.at += 13 * HOUR_MS
    await upkeep.run()
    expect(await city.records.selectFrom('session').selectAll().execute()).toEqual([])
    expect(city.accessChanges()).toEqual([user.id])
    expect(await city.auditActions()).toEqual(['user.set-up', 'session.failures-counted'])
    const { heads } = await readAuditHeads(city.directory)
    expect(heads).toMatchObject([{ entries: 2, at: city.clock.at }])
    expect((await verifyAudit(city.records, { heads })).broken).toBeNull()
  })

  it('notes the last head when the collector stops', async () => {
    const city = await openCity()
    const upkeep = createAccessUpkeep({ ...city.deps, directory: city.directory })
    upkeep.start()
    await city.setUp()
    await upkeep.stop()
    expect((await readAuditHeads(city.directory)).heads).toMatchObject([{ entries: 1 }])
  })

  it('does the rest when one part fails, and says so in the log', async () => {
    const city = await openCity()
    await city.setUp()
    const elsewhere = `${city.directory}/gone`
    rmSync(elsewhere, { recursive: true, force: true })
    city.clock.at += 13 * HOUR_MS
    await createAccessUpkeep({ ...city.deps, directory: elsewhere }).run()
    expect(await city.records.selectFrom('session').selectAll().execute()).toEqual([])
    expect(city.logLines.join('')).toMatch(/"level":50.*head of the audit log.*Upkeep of access failed/)
  })
})
