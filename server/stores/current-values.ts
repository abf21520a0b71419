// The newest sample of each series of each subject, in memory: what rules and walls look at all the time.

export type CurrentValue = { metric: string; labels: Record<string, string>; at: number; value: number }

export type CurrentValues = {
  /** Keeps the newer of the two; a late sample changes nothing here. */
  put(subjectId: string, value: CurrentValue): void
  /** The same for one sample of each of these series, which nobody may change; none counts as later than `latest`. */
  putAll(subjectId: string, samples: SampleColumns): void
  /** As they are now: later samples change the same objects. */
  of(subjectId: string, metric: string): CurrentValue[]
  /** All newest samples of a subject. */
  all(subjectId: string): CurrentValue[]
  forget(subjectId: string): void
}

/** A place in each list is one sample. */
export type SampleColumns = {
  series: readonly Readonly<{ metric: string; labels: Readonly<Record<string, string>> }>[]
  ats: ArrayLike<number>
  values: ArrayLike<number>
  latest: number
}

/** Series that fell silent this long ago are dropped while their subject speaks on (unmounted disks, gone interfaces). */
const FORGET_AFTER_MS = 24 * 3_600_000
const SWEEP_EVERY_MS = 3_600_000

/** Nearly every metric is one series of its subject: a map for each of them would be most of the memory. */
type Series = CurrentValue | Map<string, CurrentValue>
/** `told`: the list of series that came last, and where their values are. */
type Subject = {
  sweptAt: number
  metrics: Map<string, Series>
  told: { series: SampleColumns['series']; values: readonly CurrentValue[] } | null
}

/** Names and labels that many subjects have alike are kept once; past this many, without remembering those before. */
const SHARED_AT_MOST = 20_000

export function createCurrentValues(): CurrentValues {
  const subjects = new Map<string, Subject>()
  const texts = new Map<string, string>()
  const labelSets = new Map<string, Record<string, string>>()

  function begin({ metric, labels, at, value }: CurrentValue, key: string): CurrentValue {
    return { metric: shared(texts, metric, metric), labels: shared(labelSets, key, labels), at, value }
  }

  function sweep(subject: Subject, at: number): void {
    subject.sweptAt = at
    subject.told = null
    const isOld = (known: CurrentValue) => known.at < at - FORGET_AFTER_MS
    for (const [metric, series] of subject.metrics) {
      if (!(series instanceof Map)) {
        if (isOld(series)) subject.metrics.delete(metric)
        continue
      }
      for (const [key, known] of series) if (isOld(known)) series.delete(key)
      if (series.size === 0) subject.metrics.delete(metric)
    }
  }

  function subjectOf(subjectId: string, at: number): Subject {
    const subject = getOrMake(subjects, subjectId, () => ({ sweptAt: at, metrics: new Map(), told: null }))
    if (at - subject.sweptAt >= SWEEP_EVERY_MS) sweep(subject, at)
    return subject
  }

  /** Of this series, as it is known; begun with this value where it is not. */
  function knownOf(subject: Subject, value: CurrentValue): CurrentValue {
    const key = labelsKey(value.labels)
    const series = subject.metrics.get(value.metric)
    const known = series instanceof Map ? series.get(key) : series
    if (known !== undefined && (series !== known || labelsKey(known.labels) === key)) return known
    const begun = begin(value, key)
    if (series === undefined) subject.metrics.set(begun.metric, begun)
    else if (series instanceof Map) series.set(key, begun)
    else {
      const both: [string, CurrentValue][] = [series, begun].map(one => [labelsKey(one.labels), one])
      subject.metrics.set(begun.metric, new Map(both))
    }
    return begun
  }

  return {
    put(subjectId, value) {
      keepNewer(knownOf(subjectOf(subjectId, value.at), value), value.at, value.value)
    },
    putAll(subjectId, { series, ats, values, latest }) {
      if (series.length === 0) return
      const subject = subjectOf(subjectId, Math.min(ats[0] ?? 0, latest))
      const atOf = (place: number) => Math.min(ats[place] ?? 0, latest)
      // An agent tells the same series each time: where their values are is looked up once.
      if (subject.told?.series !== series) {
        const known = series.map(({ metric, labels }, place) =>
          knownOf(subject, { metric, labels, at: atOf(place), value: values[place] ?? 0 }),
        )
        subject.told = { series, values: known }
      }
      const known = subject.told.values
      for (let place = 0; place < known.length; place++) {
        const one = known[place]
        if (one !== undefined) keepNewer(one, atOf(place), values[place] ?? 0)
      }
    },
    of: (subjectId, metric) => listOf(subjects.get(subjectId)?.metrics.get(metric)),
    all: subjectId => [...(subjects.get(subjectId)?.metrics.values() ?? [])].flatMap(listOf),
    forget: subjectId => {
      subjects.delete(subjectId)
    },
  }
}

/** In place: hundreds of thousands of new objects each ten seconds would keep the garbage collector busy. */
function keepNewer(known: CurrentValue, at: number, value: number): void {
  if (known.at >= at) return
  known.at = at
  known.value = value
}

function listOf(series: Series | undefined): CurrentValue[] {
  if (series === undefined) return []
  return series instanceof Map ? [...series.values()] : [series]
}

function shared<T>(known: Map<string, T>, key: string, value: T): T {
  if (known.size >= SHARED_AT_MOST && !known.has(key)) known.clear()
  return getOrMake(known, key, () => value)
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
