// The registers as they were known at one moment, so that a duty finds its records without looking through all. Pure.
import type { FieldValue } from '../../../protocol/register-views.ts'
import type { RegisterVersion } from '../../registers/record-rows.ts'

/** A record as rules read it, with the number of files that lie with it. */
export type KnownRecord = RegisterVersion & { files: number }

export type RegisterIndex = {
  /** Records of a kind about a subject; with `null` those about the city as a whole. */
  about(kind: string, subjectId: string | null): readonly KnownRecord[]
  /** All records of a kind. */
  all(kind: string): readonly KnownRecord[]
  /** Of `about`, those that are for this duty: named for it, or of its theme and named for none. */
  forDuty(kind: string, subjectId: string | null, ruleId: string, theme: string): readonly KnownRecord[]
}

const NONE: readonly KnownRecord[] = []

/** `versions` as of any time: what had not been entered at `at`, or had been replaced or withdrawn, is left out. */
export function indexRegisters(versions: readonly KnownRecord[], at: number): RegisterIndex {
  const byKind = new Map<string, KnownRecord[]>()
  const bySubject = new Map<string, KnownRecord[]>()
  const byDuty = new Map<string, KnownRecord[]>()
  const add = (map: Map<string, KnownRecord[]>, key: string, record: KnownRecord) => {
    const known = map.get(key)
    if (known === undefined) map.set(key, [record])
    else known.push(record)
  }
  for (const record of versions) {
    if (record.enteredAt > at || (record.endedAt !== null && record.endedAt <= at)) continue
    add(byKind, record.kind, record)
    const subjects = record.subjects.length === 0 ? [''] : record.subjects.map(({ id }) => id)
    const duties = listOf(record.fields.duties)
    const topic = record.fields.topic
    for (const subject of subjects) {
      add(bySubject, `${record.kind}\n${subject}`, record)
      for (const duty of duties) add(byDuty, `${record.kind}\n${subject}\n=${duty}`, record)
      if (duties.length === 0 && typeof topic === 'string') add(byDuty, `${record.kind}\n${subject}\n${topic}`, record)
    }
  }
  return {
    about: (kind, subjectId) => bySubject.get(`${kind}\n${subjectId ?? ''}`) ?? NONE,
    all: kind => byKind.get(kind) ?? NONE,
    forDuty(kind, subjectId, ruleId, theme) {
      if (!byKind.has(kind)) return NONE
      const place = `${kind}\n${subjectId ?? ''}\n`
      const named = byDuty.get(`${place}=${ruleId}`)
      const themed = byDuty.get(`${place}${theme}`) ?? NONE
      return named === undefined ? themed : [...named, ...themed]
    },
  }
}

/** Whether a record is in force on a day: issued or begun, and not past its end. */
export function isInForce(record: KnownRecord, today: string): boolean {
  const begins = record.validFrom ?? record.issuedOn
  return (begins === null || begins <= today) && (record.validUntil === null || today <= record.validUntil)
}

export function textOf(record: KnownRecord, field: string): string | null {
  const value = record.fields[field]
  return typeof value === 'string' ? value : null
}

export function listOf(value: FieldValue | undefined): readonly string[] {
  return Array.isArray(value) ? value : []
}
