// The newest sample of each series of each subject, in memory: what rules and walls look at all the time.

export type CurrentValue = { metric: string; labels: Record<string, string>; at: number; value: number }

export type CurrentValues = {
  /** Keeps the newer of the two; a late sample changes nothing here. */
  put(subjectId: string, value: CurrentValue): void
  /** As they are now: later samples change the same objects. */
  of(subjectId: string, metric: string): CurrentValue[]
  /** All newest samples of a subject. */
  all(subjectId: string): CurrentValue[]
  forget(subjectId: string): void
}

/** Series that fell silent this long ago are dropped while their subject speaks on (unmounted disks, gone interfaces). */
const FORGET_AFTER_MS = 24 * 3_600_000
const SWEEP_EVERY_MS = 3_600_000

type Subject = { sweptAt: number; metrics: Map<string, Map<string, CurrentValue>> }

export function createCurrentValues(): CurrentValues {
  const subjects = new Map<string, Subject>()

  function sweep(subject: Subject, at: number): void {
    subject.sweptAt = at
    for (const [metric, series] of subject.metrics) {
      for (const [key, known] of series) if (known.at < at - FORGET_AFTER_MS) series.delete(key)
      if (series.size === 0) subject.metrics.delete(metric)
    }
  }

  return {
    put(subjectId, value) {
      const subject = getOrMake(subjects, subjectId, () => ({ sweptAt: value.at, metrics: new Map() }))
      if (value.at - subject.sweptAt >= SWEEP_EVERY_MS) sweep(subject, value.at)
      const series = getOrMake(subject.metrics, value.metric, () => new Map<string, CurrentValue>())
      const key = labelsKey(value.labels)
      const known = series.get(key)
      if (known === undefined) {
        series.set(key, value)
      } else if (known.at < value.at) {
        // In place: hundreds of thousands of new objects each ten seconds would keep the garbage collector busy.
        known.at = value.at
        known.value = value.value
      }
    },
    of: (subjectId, metric) => [...(subjects.get(subjectId)?.metrics.get(metric)?.values() ?? [])],
    all: subjectId => [...(subjects.get(subjectId)?.metrics.values() ?? [])].flatMap(series => [...series.values()]),
    forget: subjectId => {
      subjects.delete(subjectId)
    },
  }
}

function labelsKey(labels: Record<string, string>): string {
  const names = Object.keys(labels)
  if (names.length === 0) return ''
  if (names.length === 1) return `${names[0]}=${labels[names[0] ?? '']}`
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
