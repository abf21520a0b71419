// Between rows of versions and what the rooms read.
import type { Insertable, Selectable } from 'kysely'
import { z } from 'zod'
import { type FieldValue, type RegisterInput, registerInput, registerSubject } from '../../protocol/register-views.ts'
import type { Tables } from '../stores/records/schema.ts'

export type VersionRow = Selectable<Tables['register_version']>

/** One version of a record, as rules read it. */
export type RegisterVersion = RegisterInput & {
  id: string
  recordId: string
  version: number
  kind: string
  enteredAt: number
  endedAt: number | null
}

const subjectsOfRow = z.array(registerSubject)
const fieldsOfRow = registerInput.shape.fields.unwrap()

export function versionOf(row: VersionRow): RegisterVersion {
  return {
    id: row.id,
    recordId: row.record_id,
    version: row.version,
    kind: row.kind,
    ...contentOf(row),
    enteredAt: row.entered_at,
    endedAt: row.ended_at,
  }
}

export function contentOf(row: VersionRow): RegisterInput {
  return {
    title: row.title,
    number: row.number,
    issuedOn: row.issued_on,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    legalBasis: row.legal_basis,
    subjects: subjectsOfRow.parse(JSON.parse(row.subjects)),
    fields: fieldsOfRow.parse(JSON.parse(row.fields)),
  }
}

export function rowOf(
  input: RegisterInput,
  rest: Pick<
    VersionRow,
    'id' | 'record_id' | 'version' | 'kind' | 'entered_at' | 'entered_by' | 'source' | 'supersedes'
  >,
): Insertable<Tables['register_version']> {
  return {
    ...rest,
    title: input.title,
    number: input.number,
    issued_on: input.issuedOn,
    valid_from: input.validFrom,
    valid_until: input.validUntil,
    legal_basis: input.legalBasis,
    subjects: JSON.stringify(input.subjects),
    fields: JSON.stringify(input.fields),
    ...{ ended_at: null, ended_by: null, withdrawn_reason: null },
  }
}

/** Whether two contents say the same, whatever the order of what they list. */
export function sameContent(left: RegisterInput, right: RegisterInput): boolean {
  return differences(left, right).length === 0
}

/** Names of what differs ("validUntil", "fields.rack"). */
export function differences(left: RegisterInput, right: RegisterInput): string[] {
  const flat = ({ fields, subjects, ...plain }: RegisterInput): Map<string, string> =>
    new Map([
      ...Object.entries(plain).map(([name, value]) => [name, JSON.stringify(value)] as const),
      ['subjects', JSON.stringify(subjects.map(({ id }) => id).sort())] as const,
      ...Object.entries(fields).map(([name, value]) => [`fields.${name}`, plainText(value)] as const),
    ])
  const [before, after] = [flat(left), flat(right)]
  return [...new Set([...before.keys(), ...after.keys()])].filter(name => before.get(name) !== after.get(name))
}

function plainText(value: FieldValue): string {
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value)
}
