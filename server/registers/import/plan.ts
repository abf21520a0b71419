// What an import would do, row by row, before anything is done. Pure.
import type { RegisterInput } from '../../../protocol/register-views.ts'
import type { RegisterKind } from '../kinds/kind.ts'
import { contentOf, differences, type VersionRow } from '../record-rows.ts'
import type { SubjectDirectory } from '../subjects.ts'
import { columnsOf } from './columns.ts'
import { readRow } from './read-row.ts'
import type { Sheet } from './read-sheets.ts'

export type PlannedRow = { sheet: string; row: number; title: string; details: string[] } & (
  | { outcome: 'added'; kind: RegisterKind; input: RegisterInput }
  | { outcome: 'changed'; kind: RegisterKind; input: RegisterInput; standing: VersionRow }
  | { outcome: 'unchanged' | 'refused' }
)

export function planImport(question: {
  sheets: readonly Sheet[]
  /** The register of a sheet, or null. */
  kindOf: (sheetName: string) => RegisterKind | null
  standing: readonly VersionRow[]
  subjects: SubjectDirectory
}): PlannedRow[] {
  const known = new Map(question.standing.map(row => [identityOf(row.kind, contentOf(row)), row]))
  const planned: PlannedRow[] = []
  const seen = new Map<string, string>()
  for (const sheet of question.sheets) {
    const headings = sheet.rows[0] ?? []
    if (headings.every(heading => heading.trim() === '')) continue
    const kind = question.kindOf(sheet.name)
    const refuse = (row: number, title: string, details: string[]) =>
      planned.push({ sheet: sheet.name, row, title, details, outcome: 'refused' })
    if (kind === null) {
      refuse(1, '', ['no register is called so; name the sheet after one'])
      continue
    }
    const columns = columnsOf(kind, headings)
    const strange = headings.filter((heading, index) => heading.trim() !== '' && columns[index] === null)
    if (strange.length > 0) {
      refuse(1, '', [`unknown columns: ${strange.join(', ')}`])
      continue
    }
    for (const [index, cells] of sheet.rows.entries()) {
      if (index === 0 || cells.every(cell => cell.trim() === '')) continue
      const place = { sheet: sheet.name, row: index + 1 }
      const read = readRow(kind, columns, cells, question.subjects)
      const title = read.input?.title ?? cells.find(cell => cell.trim() !== '') ?? ''
      if (read.input === null) {
        refuse(place.row, title, read.problems)
        continue
      }
      const identity = identityOf(kind.kind, read.input)
      const earlier = seen.get(identity)
      seen.set(identity, earlier ?? `${place.sheet}:${place.row}`)
      const standing = known.get(identity)
      if (earlier !== undefined) refuse(place.row, title, [`the same record stands in ${earlier}`])
      else if (standing === undefined) {
        planned.push({ ...place, title, details: [], outcome: 'added', kind, input: read.input })
      } else {
        const details = differences(contentOf(standing), read.input)
        planned.push(
          details.length === 0
            ? { ...place, title, details, outcome: 'unchanged' }
            : { ...place, title, details, outcome: 'changed', kind, input: read.input, standing },
        )
      }
    }
  }
  return planned
}

/** What makes two rows the same record: its number, else its title, together with what it is about. */
function identityOf(kind: string, input: RegisterInput): string {
  const subjects = input.subjects.map(({ id }) => id).sort()
  return JSON.stringify([kind, input.number === null ? `title ${input.title}` : `number ${input.number}`, subjects])
}
