// What changed, in order, for whoever shows it. A lower room writes here and never learns who reads.

export type Change =
  | { kind: 'server'; id: string }
  | { kind: 'incident'; id: string; subjectId: string }
  /** New samples came; the newest of each series are in the current values. */
  | { kind: 'samples'; serverId: string }
  | { kind: 'access'; userId: string }
  /** A record was entered, corrected or withdrawn; both empty when an import brought many. */
  | { kind: 'register'; id: string; register: string }
  /** What the city set over a duty or a regulation. */
  | { kind: 'duty'; ruleId: string }
  /** Duties were judged, and not all stand as they did. */
  | { kind: 'judged' }
  /** Something was told of a data set's backups, or a person changed what is asked of them; empty: of several. */
  | { kind: 'backup'; datasetId: string }
  /** An agency was reminded of its backups, or answered. */
  | { kind: 'reminder'; agencyId: string }
  /** A link, a probe, a parent or a maintenance is not as it was. */
  | { kind: 'topology'; id: string }

export type ChangeFeed = {
  append(change: Change): void
  /** Changes after `seq` in order; `lost` when the feed has already forgotten some of them. */
  since(seq: number): { changes: Change[]; seq: number; lost: boolean }
  /** `listen` is called with each change after it was kept; the answer ends that. */
  onAppend(listen: (change: Change) => void): () => void
}

const KEPT_CHANGES = 10_000

export function createChangeFeed(): ChangeFeed {
  const kept: Change[] = []
  let newest = 0
  const listeners = new Set<(change: Change) => void>()
  return {
    append(change) {
      kept.push(change)
      newest += 1
      if (kept.length > 2 * KEPT_CHANGES) kept.splice(0, kept.length - KEPT_CHANGES)
      for (const listen of listeners) listen(change)
    },
    since(seq) {
      const missed = newest - seq
      return { changes: kept.slice(Math.max(0, kept.length - missed)), seq: newest, lost: missed > kept.length }
    },
    onAppend(listen) {
      listeners.add(listen)
      return () => listeners.delete(listen)
    },
  }
}
