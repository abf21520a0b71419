// The newest sample of each series of each subject, in memory: what rules and walls look at all the time.

export type CurrentValue = { metric: string; labels: Record<string, string>; at: number; value: number }

export type CurrentValues = {
  /** Keeps the newer of the two; a late sample changes nothing here. */
  put(subjectId: string, value: CurrentValue): void
  of(subjectId: string, metric: string): CurrentValue[]
  /** All newest samples of a subject. */
  all(subjectId: string): CurrentValue[]
  forget(subjectId: string): void
}

/** Series that fell silent this long ago are dropped when their subject speaks again (unmounted disks, gone interfaces). */
const FORGET_AFTER_MS = 24 * 3_600_000

export function createCurrentValues(): CurrentValues {
  const subjects = new Map<string, Map<string, Map<string, CurrentValue>>>()
  return {
    put(subjectId, value) {
      const metrics = getOrMake(subjects, subjectId, () => new Map())
      const series = getOrMake(metrics, value.metric, () => new Map<string, CurrentValue>())
      const key = labelsKey(value.labels)
      const known = series.get(key)
      if (known !== undefined && known.at >= value.at) return
      series.set(key, value)
      for (const [otherKey, other] of series) {
        if (other.at < value.at - FORGET_AFTER_MS) series.delete(otherKey)
      }
    },
    of: (subjectId, metric) => [...(subjects.get(subjectId)?.get(metric)?.values() ?? [])],
    all: subjectId => [...(subjects.get(subjectId)?.values() ?? [])].flatMap(series => [...series.values()]),
    forget: subjectId => {
      subjects.delete(subjectId)
    },
  }
}

function labelsKey(labels: Record<string, string>): string {
  const names = Object.keys(labels)
  if (names.length === 0) return ''
  return names
    .sort()
    .map(name => `${name}=${labels[name]}`)
    .join('\u0000')
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
