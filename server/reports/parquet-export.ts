// Rows as Apache Parquet: typed columns that every tool for data reads. Row groups are written as they fill.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ExportColumns, ExportQuestion, ExportRow } from './export-rows.ts'

const ROWS_A_GROUP = 100_000

const text = (name: string, repetition: 'REQUIRED' | 'OPTIONAL') =>
  ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: repetition }) as const

export async function* parquetExport(
  columns: ExportColumns,
  question: ExportQuestion,
  slices: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<Uint8Array> {
  const fixed = ['server', 'server_id', 'agent_id', 'metric'] as const
  const bytes = new ByteWriter()
  const parquet = new ParquetWriter({
    writer: bytes,
    createdBy: 'Pantau',
    schema: [
      { name: 'samples', num_children: fixed.length + columns.labels.length + 2 },
      { name: 'time', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'REQUIRED' },
      ...fixed.map(name => text(name, 'REQUIRED')),
      ...columns.labels.map(({ column }) => text(column, 'OPTIONAL')),
      { name: 'value', type: 'DOUBLE', repetition_type: 'REQUIRED' },
    ],
  })

  async function writeGroup(rows: readonly ExportRow[]): Promise<Uint8Array> {
    const column = <T>(name: string, of: (row: ExportRow) => T) => ({ name, data: rows.map(of) })
    await parquet.write({
      rowGroupSize: ROWS_A_GROUP,
      columnData: [
        column('time', ({ at }) => new Date(at)),
        column('server', () => question.subjectName),
        column('server_id', ({ key }) => key.subjectId),
        column('agent_id', ({ key }) => key.agentId),
        column('metric', ({ key }) => key.metric),
        ...columns.labels.map(({ label, column: name }) => column(name, ({ key }) => key.labels[label] ?? null)),
        column('value', ({ value }) => value),
      ],
    })
    return taken()
  }

  /** What was written since the last time; the writer goes on counting where it is in the file. */
  function taken(): Uint8Array {
    const part = bytes.getBytes().slice()
    bytes.index = 0
    return part
  }

  let waiting: ExportRow[] = []
  for await (const rows of slices) {
    for (const row of rows) waiting.push(row)
    while (waiting.length >= ROWS_A_GROUP) yield await writeGroup(waiting.splice(0, ROWS_A_GROUP))
  }
  if (waiting.length > 0) yield await writeGroup(waiting)
  waiting = []
  await parquet.finish()
  yield taken()
}
