import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INTERFACE_STATES, type InterfaceState } from '../../../protocol/snmp-words.ts'
import {
  interfaceHistoryOf,
  interfaceStateOf,
  recordInterfaceState,
} from '../../../server/availability/interface-states.ts'
import { openRecords, type Records } from '../../../server/stores/records/records.ts'

const directory = mkdtempSync(join(tmpdir(), 'pantau-interfaces-'))
let records: Records
beforeAll(async () => {
  records = await openRecords({ directory })
  await sql`pragma foreign_keys = off`.execute(records)
  await sql`pragma synchronous = off`.execute(records)
})
afterAll(async () => {
  await records.destroy()
  rmSync(directory, { recursive: true })
})

const reading = fc.record({ at: fc.integer({ min: 1, max: 1_000 }), state: fc.constantFrom(...INTERFACE_STATES) })
let interfaces = 0

async function record(readings: { at: number; state: InterfaceState }[]) {
  interfaces += 1
  const interfaceId = `interface ${interfaces}`
  await records.transaction().execute(async tx => {
    for (const one of readings) await recordInterfaceState(tx, { interfaceId, ...one })
  })
  const rows = await records
    .selectFrom('interface_state')
    .select(['from_ms', 'state'])
    .where('interface_id', '=', interfaceId)
    .orderBy('from_ms')
    .execute()
  return rows.map(row => [row.from_ms, row.state] as const)
}

describe('the state of an interface', () => {
  it('follows RFC 2863: switched off counts before down', () => {
    expect(interfaceStateOf(1, 1)).toBe('up')
    expect(interfaceStateOf(2, 2)).toBe('admin-down')
    expect([2, 5, 7].map(oper => interfaceStateOf(1, oper))).toEqual(['down', 'down', 'down'])
    expect(interfaceStateOf(1, 6)).toBe('not-present')
    expect([3, 4, undefined].map(oper => interfaceStateOf(undefined, oper))).toEqual(['unknown', 'unknown', 'unknown'])
  })

  it('is kept as changes only, each at the moment of its first word, however often it is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(reading, { selector: one => one.at, maxLength: 12 }), async readings => {
        const inOrder = [...readings].sort((a, b) => a.at - b.at)
        const rows = await record([...inOrder, ...inOrder])
        const changes = inOrder.filter((one, index) => inOrder[index - 1]?.state !== one.state)
        expect(rows).toEqual(changes.map(one => [one.at, one.state]))
      }),
      { numRuns: 25 },
    )
  })

  it('that comes late from a spool finds its place', async () => {
    const rows = await record([
      ...([
        { at: 100, state: 'up' },
        { at: 500, state: 'up' },
      ] as const),
      ...([
        { at: 300, state: 'down' },
        { at: 400, state: 'up' },
        { at: 50, state: 'up' },
      ] as const),
    ])
    expect(rows).toEqual([
      ...[
        [50, 'up'],
        [300, 'down'],
      ],
      [400, 'up'],
    ])
  })

  it('is unknown wherever its device was not heard, and fills the window without holes', () => {
    const changes = [
      { from_ms: 0, state: 'up' },
      { from_ms: 150, state: 'down' },
    ] as const
    expect(
      interfaceHistoryOf(
        changes,
        [
          { from: 10, to: 50 },
          { from: 100, to: 200 },
        ],
        { from: 0, to: 250 },
      ),
    ).toEqual([
      { state: 'unknown', from: 0, to: 10 },
      { state: 'up', from: 10, to: 50 },
      { state: 'unknown', from: 50, to: 100 },
      { state: 'up', from: 100, to: 150 },
      { state: 'down', from: 150, to: 200 },
      { state: 'unknown', from: 200, to: 250 },
    ])
  })
})
