import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../server/access/audit.ts'
import { readAuditHeads } from '../../../server/access/audit-heads.ts'
import { forge, noteHead, verify, write } from './audit-log.ts'
import { HOUR_MS, MONDAY, openCity } from './city.ts'

describe('heads noted beside the audit log', () => {
  it('are one private line an hour, which fit the log as it grows', async () => {
    const city = await openCity()
    await noteHead(city)
    expect(await readAuditHeads(city.directory)).toEqual({ heads: [], unreadableLines: [] })
    for (let hour = 0; hour < 4; hour += 1) {
      await write(city, 3)
      city.clock.at += HOUR_MS
      await noteHead(city)
    }
    const path = join(city.directory, 'audit-heads.log')
    expect(readFileSync(path, 'utf8')).toMatch(/^(2026-11-23T0\d:00:00\.000Z \d+ [0-9a-f]{64}\n){4}$/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await readAuditHeads(city.directory)).toMatchObject({
      heads: [3, 6, 9, 12].map((entries, hour) => ({ at: MONDAY + (hour + 1) * HOUR_MS, entries })),
    })
    await write(city, 2)
    expect(await verify(city)).toMatchObject({ entries: 14, broken: null })
  })

  it('show that the end was cut off, which the chain alone cannot', async () => {
    const city = await openCity()
    await write(city, 10)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '=', 10).execute()
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'cut' })
    await city.records.deleteFrom('audit').where('seq', '>', 7).execute()
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 8, reason: 'cut' })
    await city.records.deleteFrom('audit').execute()
    expect((await verify(city)).broken).toEqual({ seq: 1, reason: 'cut' })
  })

  it('show that the end was cut off and the log went on', async () => {
    const city = await openCity()
    await write(city, 10)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '>', 7).execute()
    await write(city, 5, 'after the cut')
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'rewritten' })
    await noteHead(city)
    expect((await verify(city)).broken).toEqual({ seq: 10, reason: 'rewritten' })
  })

  it('show that the whole chain was made anew, from the first noted head after the lie', async () => {
    const city = await openCity()
    for (let hour = 0; hour < 3; hour += 1) {
      await write(city, 4)
      await noteHead(city)
    }
    await forge(city, (detail, seq) => (seq === 6 ? '{"text":"never happened"}' : detail))
    expect((await verifyAudit(city.records)).broken).toBeNull()
    expect((await verify(city)).broken).toEqual({ seq: 8, reason: 'rewritten' })
  })

  it('that contradict each other show a log that was cut and filled up to the same length', async () => {
    const city = await openCity()
    await write(city, 5)
    await noteHead(city)
    await city.records.deleteFrom('audit').where('seq', '=', 5).execute()
    await write(city, 1, 'in its place')
    await noteHead(city)
    expect((await verify(city)).broken).toEqual({ seq: 5, reason: 'rewritten' })
  })

  it('may be torn by a power cut, and the next one begins on its own line', async () => {
    const city = await openCity()
    await write(city, 3)
    await noteHead(city)
    appendFileSync(join(city.directory, 'audit-heads.log'), '2026-11-23T01:00:00.000Z 4 abc')
    await write(city, 3)
    await noteHead(city)
    const { heads, unreadableLines } = await readAuditHeads(city.directory)
    expect(heads.map(head => head.entries)).toEqual([3, 6])
    expect(unreadableLines).toEqual([2])
    expect((await verify(city)).broken).toBeNull()
  })

  it('are not silently nothing when the file cannot be read', async () => {
    const city = await openCity()
    await expect(readAuditHeads(join(city.directory, 'records.db'))).rejects.toThrow(/ENOTDIR/)
    writeFileSync(join(city.directory, 'audit-heads.log'), 'nonsense\n')
    expect(await readAuditHeads(city.directory)).toEqual({ heads: [], unreadableLines: [1] })
  })
})

describe('a head on paper', () => {
  it('is found in the log it was taken from, however long that has grown, and not in another', async () => {
    const city = await openCity()
    await write(city, 5)
    const { head } = await verifyAudit(city.records)
    await write(city, 5)
    expect((await verifyAudit(city.records, { head })).broken).toBeNull()
    await forge(city, detail => detail.replace('entry', 'other'))
    expect((await verifyAudit(city.records, { head })).broken).toEqual({ seq: 11, reason: 'head-not-found' })
  })
})
