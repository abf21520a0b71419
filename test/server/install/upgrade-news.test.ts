import { expect, it } from 'vitest'
import { allowUpgrade } from '../../../server/install/allow-upgrade.ts'
import type { Bundle, Bundles } from '../../../server/install/bundles.ts'
import { answerUpgradeQuestion } from '../../../server/install/upgrade-offer.ts'
import { ADMIN, openWatch } from '../rules/watch.ts'

it('tells the agent that waits of what an operator allowed, once for each word, and no agent that is too old to know', async () => {
  const watch = await openWatch()
  const { agentId } = await watch.enrol('web')
  const { records, assignments } = watch.verbDeps
  const bundle: Bundle = {
    ...{ version: '1.0.0', sequence: 9, inputs: '', bytes: 1, sha256: '', file: '', manifest: '{}', signature: '' },
  }
  const bundles: Bundles = {
    get: async arch => (arch === 'x64' ? bundle : null),
    state: () => 'ready',
    newest: () => 9,
  }
  const says = async (sequence: number, failed: number | null = null) => {
    const question = { arch: 'x64' as const, sequence, failed }
    return (await answerUpgradeQuestion({ records, bundles, assignments }, agentId, question)).offer
  }
  const told = async (lists: readonly ('snmp' | 'probes' | 'upgrade')[] = ['snmp', 'probes', 'upgrade']) =>
    await assignments.of(agentId, lists)
  const wakes: (string | null)[] = []
  assignments.onChange(id => wakes.push(id))
  const allow = () => allowUpgrade.perform({ ...watch.verbDeps, install: { bundles } }, ADMIN, { id: agentId })

  expect(await says(5)).toBeNull()
  const before = await told()
  expect(before.assignments.upgrade).toEqual([])
  await allow()
  expect(wakes.at(-1)).toBe(agentId)
  const after = await told()
  expect(after.assignments.upgrade).toEqual([{ sequence: 9 }])
  expect(after.revision).not.toBe(before.revision)
  expect((await told(['snmp', 'probes'])).assignments).toEqual({ snmp: [], probes: [] })

  // Tried in vain: nothing more is told until there is another word.
  expect(await says(5)).not.toBeNull()
  await says(5, 9)
  expect((await told()).assignments.upgrade).toEqual([])
  await allow()
  expect((await told()).assignments.upgrade).toEqual([{ sequence: 9 }])
  await says(9)
  expect((await told()).assignments.upgrade).toEqual([])
})
