import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { ARCHITECTURES } from '../../protocol/upgrade.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { AssignmentBook } from '../inventory/assignments.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Bundle } from './bundles.ts'
import type { Install } from './install.ts'

type UpgradeDeps = { install: Pick<Install, 'bundles'>; assignments: Pick<AssignmentBook, 'changed'> }

/**
 * Lets an agent, or all of them, take the bundle that this collector gives out now; a later one needs another word.
 * Errors: `not-found`, `wrong-state` (it was not installed from a bundle, or has the newest).
 */
export const allowUpgrade = defineVerb({
  name: 'agent.allow-upgrade',
  permission: 'agents:write',
  input: z.strictObject({ id: z.union([recordId, z.literal('all')]), ...CALLS.allowUpgrade.body.shape }),
  async prepare({ deps }: Omit<VerbContext<VerbDeps & UpgradeDeps>, 'tx'>) {
    return await Promise.all(ARCHITECTURES.map(arch => deps.install.bundles.get(arch)))
  },
  async run({ tx }, input, bundles: (Bundle | null)[]) {
    const allowed: string[] = []
    for (const [index, arch] of ARCHITECTURES.entries()) {
      const sequence = bundles[index]?.sequence
      if (sequence === undefined) continue
      const rows = await tx
        .updateTable('agent')
        .set({ upgrade_to: sequence, upgrade_again: 1 })
        .where('bundle_arch', '=', arch)
        .where('bundle_sequence', '<', sequence)
        .where('revoked_at', 'is', null)
        .$if(input.id !== 'all', query => query.where('id', '=', input.id))
        .returning('id')
        .execute()
      allowed.push(...rows.map(row => row.id))
    }
    if (input.id !== 'all' && allowed.length === 0) {
      const agent = await tx.selectFrom('agent').select('bundle_arch').where('id', '=', input.id).executeTakeFirst()
      if (agent === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
      throw new ProblemError(
        'wrong-state',
        agent.bundle_arch === null
          ? 'This agent was not installed from a bundle: it is upgraded where it was installed'
          : 'This agent has the newest bundle',
      )
    }
    return { allowed, sequences: bundles.map(bundle => bundle?.sequence ?? null) }
  },
  audit: (input, { allowed, sequences }) => ({ subject: input.id, detail: { agents: allowed, sequences } }),
  committed(deps, _input, { allowed }) {
    for (const agentId of allowed) deps.assignments.changed(agentId)
  },
})
