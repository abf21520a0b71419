// One row of a sheet as the content of a record, or the reasons why it can't be one.
import type { FieldValue, RegisterField, RegisterInput } from '../../../protocol/register-views.ts'
import { registerInput } from '../../../protocol/register-views.ts'
import type { RegisterKind } from '../kinds/kind.ts'
import { problemsOfContent } from '../record-content.ts'
import type { SubjectDirectory } from '../subjects.ts'
import type { Column } from './columns.ts'

export type ReadRow = { input: RegisterInput; problems: [] } | { input: null; problems: string[] }

export function readRow(
  kind: RegisterKind,
  columns: readonly (Column | null)[],
  cells: readonly string[],
  subjects: SubjectDirectory,
): ReadRow {
  const problems: string[] = []
  const raw: Record<string, unknown> = {}
  const fields: Record<string, FieldValue> = {}
  const about: RegisterInput['subjects'] = []
  for (const [index, column] of columns.entries()) {
    const text = (cells[index] ?? '').trim()
    if (column === null || text === '') continue
    if (column.to === 'content') raw[column.name] = isDay(column.name) ? dayOf(text) : text
    else if (column.to === 'field') {
      const field = kind.fields.find(({ name }) => name === column.name)
      const value = field === undefined ? { problem: 'unknown field' } : cellValue(field, text)
      if (typeof value === 'object' && 'problem' in value) problems.push(`${column.name}: ${value.problem}`)
      else fields[column.name] = value
    } else {
      for (const name of listOf(text)) {
        const found = subjects.find(column.kind, name)
        if (found === null) problems.push(`${column.kind}: there is no "${name}"`)
        else if (found === 'several') problems.push(`${column.kind}: several are called "${name}"; write its slug`)
        else about.push({ kind: found.kind, id: found.id })
      }
    }
  }
  const parsed = registerInput.safeParse({ ...raw, fields, subjects: about })
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
    return { input: null, problems }
  }
  problems.push(...problemsOfContent(kind, parsed.data).map(({ path, message }) => `${path}: ${message}`))
  return problems.length > 0 ? { input: null, problems } : { input: parsed.data, problems: [] }
}

function isDay(name: string): boolean {
  return name === 'issuedOn' || name === 'validFrom' || name === 'validUntil'
}

/** "31/12/2026" and "31-12-2026" as people here write days; anything else is left for the schema to judge. */
function dayOf(text: string): string {
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? []
  if (day === undefined || month === undefined || year === undefined) return text
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function cellValue(field: RegisterField, text: string): FieldValue | { problem: string } {
  switch (field.type) {
    case 'number': {
      const value = Number(text.replace(',', '.'))
      return Number.isFinite(value) ? value : { problem: `"${text}" is no number` }
    }
    case 'date':
      return dayOf(text)
    case 'list':
      return listOf(text)
    case 'yes-no': {
      if (/^(ya|yes|y|true|1)$/i.test(text)) return true
      return /^(tidak|no|n|false|0)$/i.test(text) ? false : { problem: `"${text}" is neither yes nor no` }
    }
    case 'choice': {
      const known = field.choices?.find(({ value, label }) =>
        [value, label.id, label.en].some(word => word.toLowerCase() === text.toLowerCase()),
      )
      return known?.value ?? { problem: `"${text}" is none of ${field.choices?.map(({ value }) => value).join(', ')}` }
    }
    default:
      return text
  }
}

function listOf(text: string): string[] {
  return text
    .split(/[;\n|]/)
    .map(part => part.trim())
    .filter(part => part !== '')
}
