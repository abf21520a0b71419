// Rows as CSV (RFC 4180): UTF-8, a comma between cells, CRLF behind lines, times in UTC (ISO 8601), a point in numbers.
import type { ExportColumns, ExportQuestion, ExportRow } from './export-rows.ts'

export async function* csvExport(
  columns: ExportColumns,
  question: ExportQuestion,
  slices: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string> {
  const names = columns.labels.map(({ column }) => column)
  yield csvLine(['time', 'server', 'server_id', 'agent_id', 'metric', ...names, 'value'])
  for await (const rows of slices) {
    yield rows
      .map(({ at, key, value }) =>
        csvLine([
          ...[new Date(at).toISOString(), question.subjectName, key.subjectId, key.agentId, key.metric],
          ...columns.labels.map(({ label }) => key.labels[label] ?? ''),
          value,
        ]),
      )
      .join('')
  }
}

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  // A spreadsheet would run what begins like a formula, and labels come from machines that nobody vouches for.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
