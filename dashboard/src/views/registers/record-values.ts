// Between what a record holds and what stands in the boxes of its form: text.
import type {
  FieldValue,
  RegisterField,
  RegisterInput,
  RegisterKindView,
  RegisterRecordView,
} from '../../../../protocol/register-views.ts'
import type { Language } from '../../../../protocol/vocabulary.ts'
import { formatDay } from '../../format/citation.ts'
import { formatNumber } from '../../format/number.ts'
import { translate } from '../../i18n/translate.ts'

export type RecordTexts = {
  title: string
  number: string
  issuedOn: string
  validFrom: string
  validUntil: string
  legalBasis: string
  /** "agency:ID" each; none for the city as a whole. */
  about: readonly string[]
  fields: Record<string, string>
}

export function textsOf(kind: RegisterKindView, record: RegisterRecordView | null): RecordTexts {
  return {
    title: record?.title ?? '',
    number: record?.number ?? '',
    issuedOn: record?.issuedOn ?? '',
    validFrom: record?.validFrom ?? '',
    validUntil: record?.validUntil ?? '',
    legalBasis: record?.legalBasis ?? '',
    about: (record?.subjects ?? []).map(subject => `${subject.kind}:${subject.id}`),
    fields: Object.fromEntries(kind.fields.map(field => [field.name, textOf(record?.fields[field.name])])),
  }
}

export function textOf(value: FieldValue | undefined): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.join('\n')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** As it is read, not as it stands in a box: days and words of the page's language, each item of a list on its own. */
export function shownOf(field: RegisterField, value: FieldValue, language: Language): string[] {
  const named = (text: string) => {
    const choice = field.choices?.find(one => one.value === text)
    return choice === undefined ? text : choice.label[language]
  }
  if (Array.isArray(value)) return value.map(named)
  if (typeof value === 'boolean') return [translate(language, value ? 'common.yes' : 'common.no')]
  if (typeof value === 'number') return [formatNumber(value, language, 6)]
  return [field.type === 'date' ? formatDay(value, language) : named(value)]
}

/** What is left empty is left out; the collector says what it needs. */
export function inputOf(kind: RegisterKindView, texts: RecordTexts): RegisterInput {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  return {
    title: texts.title.trim(),
    number: orNull(texts.number),
    issuedOn: orNull(texts.issuedOn),
    validFrom: orNull(texts.validFrom),
    validUntil: orNull(texts.validUntil),
    legalBasis: orNull(texts.legalBasis),
    subjects: texts.about.flatMap(about => {
      const [aboutKind, id] = about.split(':')
      const subjectKind = kind.subjects.find(one => one === aboutKind)
      return subjectKind === undefined || id === undefined ? [] : [{ kind: subjectKind, id }]
    }),
    fields: Object.fromEntries(
      kind.fields.flatMap(field => {
        const text = (texts.fields[field.name] ?? '').trim()
        return text === '' ? [] : [[field.name, valueFor(field, text)]]
      }),
    ),
  }
}

function valueFor(field: RegisterField, text: string): FieldValue {
  if (field.type === 'number') return Number(text)
  if (field.type === 'yes-no') return text === 'yes'
  if (field.type !== 'list') return text
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
