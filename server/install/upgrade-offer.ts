// What an installed agent tells of its bundle, and whether it may take another one.

import { bundlePath } from '../../protocol/upgrade.ts'
import type { UpgradeOffer, UpgradeQuestion } from '../../protocol/upgrade-call.ts'
import type { AssignmentBook } from '../inventory/assignments.ts'
import type { Records } from '../stores/records/records.ts'
import type { Bundles } from './bundles.ts'

/**
 * Keeps which bundle the agent runs, and offers the present one when an operator allowed exactly that one. A bundle that the
 * agent tried in vain is not offered again until it is allowed again.
 */
export async function answerUpgradeQuestion(
  deps: { records: Records; bundles: Bundles; assignments: Pick<AssignmentBook, 'changed'> },
  agentId: string,
  question: UpgradeQuestion,
): Promise<UpgradeOffer> {
  const { records, bundles, assignments } = deps
  const { arch, sequence, failed } = question
  const before = await records
    .selectFrom('agent')
    .select(['bundle_sequence', 'upgrade_failed'])
    .where('id', '=', agentId)
    .executeTakeFirst()
  const agent = await records
    .updateTable('agent')
    .set({ bundle_arch: arch, bundle_sequence: sequence, upgrade_failed: failed })
    .where('id', '=', agentId)
    .returning(['upgrade_to', 'upgrade_again'])
    .executeTakeFirst()
  if (before?.bundle_sequence !== sequence || before.upgrade_failed !== failed) assignments.changed(agentId)
  const allowed = agent?.upgrade_to ?? null
  if (allowed === null || allowed <= sequence) return { offer: null }
  const bundle = await bundles.get(arch)
  if (bundle === null || bundle.sequence !== allowed) return { offer: null }
  const again = failed === allowed
  const hasWord = agent?.upgrade_again === 1
  if (again && !hasWord) return { offer: null }
  // One word is one try, or it would fail in a circle.
  if (hasWord) await records.updateTable('agent').set({ upgrade_again: 0 }).where('id', '=', agentId).execute()
  if (hasWord) assignments.changed(agentId)
  return { offer: { manifest: bundle.manifest, signature: bundle.signature, path: bundlePath(arch), again } }
}
