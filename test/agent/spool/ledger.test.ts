import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSlot, encodeSlot, openLedger } from '../../../agent/spool/ledger.ts'
import { scratchDirectory } from '../support/scratch.ts'

const ENTRY = {
  ...{ spool: '018f0000-0000-7000-8000-000000000001', reserved: 10, acknowledged: 3, dropped: 1, rejected: 2 },
  ahead: [[5, 7] as const],
}

describe('the ledger of a spool', () => {
  it('remembers the newest entry and the one before it', async () => {
    const path = join(scratchDirectory(), 'ledger')
    const first = await openLedger(path)
    expect(first.entry).toBeUndefined()
    expect(first.doubtful).toBe(false)
    await first.ledger.write(ENTRY, 'durable')
    await first.ledger.write({ ...ENTRY, acknowledged: 4 }, 'relaxed')
    await first.ledger.close()
    const again = await openLedger(path)
    expect(again.entry).toEqual({ ...ENTRY, acknowledged: 4 })
    expect(again.doubtful).toBe(false)
    await again.ledger.close()
  })

  it('falls back to the entry before when any part of the newest was spoilt, and says that it is in doubt', async () => {
    const path = join(scratchDirectory(), 'ledger')
    const { ledger } = await openLedger(path)
    await ledger.write(ENTRY, 'durable')
    await ledger.write({ ...ENTRY, acknowledged: 4 }, 'durable')
    await ledger.close()
    const sound = readFileSync(path)
    for (let at = 0; at < 150; at += 7) {
      const spoilt = Buffer.from(sound)
      spoilt.writeUInt8(spoilt.readUInt8(at) ^ 0x15, at)
      writeFileSync(path, spoilt)
      const read = await openLedger(path)
      expect(read.entry).toEqual(ENTRY)
      expect(read.doubtful).toBe(true)
      await read.ledger.close()
    }
  })

  it('is in doubt when it was cut short, and never believes what it did not write', async () => {
    const path = join(scratchDirectory(), 'ledger')
    const { ledger } = await openLedger(path)
    await ledger.write(ENTRY, 'durable')
    await ledger.close()
    truncateSync(path, 100)
    const read = await openLedger(path)
    expect([read.entry, read.doubtful]).toEqual([undefined, true])
    await read.ledger.close()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 512 }), bytes => decodeSlot(Buffer.from(bytes)) === undefined))
    expect(decodeSlot(encodeSlot(5, ENTRY))).toEqual({ sequence: 5, entry: ENTRY })
  })
})
