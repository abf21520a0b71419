import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startUpgrades } from '../../../agent/upgrade/upgrades.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { scratchDirectory } from '../support/scratch.ts'

it('asks for the offer as soon as the collector tells of a newer bundle, and not of one that it has', async () => {
  const versions = join(scratchDirectory(), 'versions')
  mkdirSync(versions)
  const asked: string[] = []
  const upgrades = startUpgrades({
    own: { versions, name: '1.0.0-5', version: '1.0.0', sequence: 5, arch: 'x64' },
    ...{ publicKey: 'none', everyMs: 3_600_000, key: 'key', userAgent: 'test', random: () => 0 },
    async post({ body }) {
      asked.push(body.toString())
      return { status: 200, headers: {}, text: '{"offer":null}' }
    },
    async *download() {
      yield new Uint8Array()
    },
    hasDelivered: () => true,
    log: createMemoryLog().log,
  })
  onTestFinished(() => upgrades.stop())
  upgrades.told([])
  upgrades.told([{ sequence: 5 }])
  upgrades.told([{ sequence: 9 }])
  await eventually('the question', () => asked.length > 0)
  upgrades.told([{ sequence: 5 }])
  upgrades.told([{ sequence: 10 }])
  await eventually('the next one', () => asked.length > 1)
  expect(asked).toEqual(Array.from({ length: 2 }, () => '{"arch":"x64","sequence":5,"failed":null}'))
})
