// One entry a day over all verdicts, those that did not change included: chained, and addressed by what is in it. It rests
// on the head of the evidence, so that an end cut off the evidence shows as well.
import { createHash } from 'node:crypto'
import type { DutyCounts } from '../../../protocol/duty-views.ts'
import { CHAIN_START, canonicalJson, chainHash, findBrokenLink } from '../../stores/chain.ts'
import type { Records } from '../../stores/records/records.ts'
import type { DutyState } from './duty-state.ts'

/** Writes the manifest of `today` unless it is there already: the first pass of a day tells what the night left behind. */
export async function recordManifest(
  records: Records,
  { state, at }: { state: DutyState; at: number },
): Promise<string | null> {
  const { snapshot, duties, standings } = state
  if (duties.length === 0) return null
  const known = await records.selectFrom('manifest').select('seq').where('day', '=', snapshot.today).executeTakeFirst()
  if (known !== undefined) return null
  const counts: DutyCounts = { met: 0, 'at-risk': 0, unmet: 0, unmeasured: 0, exempt: 0, 'not-applicable': 0 }
  const digest = createHash('sha256')
  let verdicts = 0
  for (const { rule } of [...duties].sort((left, right) => (left.rule.id < right.rule.id ? -1 : 1))) {
    const stands = standings.ofRule(rule.id)
    for (const one of stands.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))) {
      counts[one.verdict] += 1
      verdicts += 1
      digest.update(`${canonicalJson([rule.id, one.subjectId, one.part, one.verdict, one.value, one.evidenceId])}\n`)
    }
  }
  return await records.transaction().execute(async tx => {
    const last = await tx
      .selectFrom('manifest')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const evidence = await tx
      .selectFrom('evidence')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const content = canonicalJson({
      day: snapshot.today,
      timeZone: snapshot.timeZone,
      packs: [...new Set(duties.map(({ rule }) => `${rule.packId}@${rule.packVersion}`))].sort(),
      settings: duties.flatMap(duty => duty.settings.map(({ id }) => id)).sort(),
      ...{ duties: duties.length, verdicts, counts, digest: digest.digest('hex') },
      measuredRatio: verdicts === 0 ? 0 : 1 - counts.unmeasured / verdicts,
      evidence: { seq: evidence?.seq ?? 0, head: evidence?.hash ?? CHAIN_START },
    })
    const row = {
      ...{ seq: (last?.seq ?? 0) + 1, day: snapshot.today, at, content },
      content_hash: createHash('sha256').update(content).digest('hex'),
    }
    const previousHash = last?.hash ?? CHAIN_START
    const hash = chainHash(previousHash, row)
    await tx
      .insertInto('manifest')
      .values({ ...row, previous_hash: previousHash, hash })
      .execute()
    return hash
  })
}

function keyOf({ subjectId, part }: { subjectId: string; part: string }): string {
  return `${subjectId}\n${part}`
}

/** The first manifest that does not hold, or whose evidence is gone; null when all hold. */
export async function verifyManifests(records: Records): Promise<{ day: string; reason: string } | null> {
  const rows = await records.selectFrom('manifest').selectAll().orderBy('seq').execute()
  const broken = await findBrokenLink(
    rows.map(({ previous_hash: previousHash, hash, ...content }) => ({
      seq: content.seq,
      previousHash,
      hash,
      content,
    })),
  )
  if (broken !== null) {
    return { day: rows.find(({ seq }) => seq === broken.seq)?.day ?? `entry ${broken.seq}`, reason: broken.reason }
  }
  for (const row of rows) {
    const { evidence } = JSON.parse(row.content) as { evidence: { seq: number; head: string } }
    if (evidence.seq === 0) continue
    const found = await records.selectFrom('evidence').select('hash').where('seq', '=', evidence.seq).executeTakeFirst()
    if (found?.hash !== evidence.head) return { day: row.day, reason: 'the evidence it rests on was cut or rewritten' }
  }
  return null
}
