import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readMachineId } from '../../../agent/platform/machine-id.ts'
import { scratchDirectory, writeTree } from '../support/scratch.ts'

describe('the id of a machine', () => {
  it('is a hash of /etc/machine-id, which itself never leaves the machine', async () => {
    const etc = scratchDirectory()
    writeTree(etc, { 'machine-id': '0123456789abcdef0123456789abcdef\n' })
    const expected = createHash('sha256').update('pantau:0123456789abcdef0123456789abcdef').digest('hex')
    expect(await readMachineId(scratchDirectory(), etc)).toBe(expected)
  })

  it('is made once and kept where the machine has none', async () => {
    const [data, etc] = [scratchDirectory(), scratchDirectory()]
    writeTree(etc, { 'machine-id': 'uninitialized\n' })
    const first = await readMachineId(data, etc)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await readMachineId(data, etc)).toBe(first)
    expect(await readMachineId(scratchDirectory(), etc)).not.toBe(first)
  })
})
