import type { ComponentChildren } from 'preact'
import './table.css'

export type Column<Row> = {
  /** Empty for a column of buttons. */
  label: string
  kind?: 'head' | 'number' | 'text'
  cell: (row: Row) => ComponentChildren
}

export type TableProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
}

/** A table that turns into cards on a phone. `label` names it for a screen reader. */
export function Table<Row>({ label, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <div class="table-frame">
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" class={column.kind === 'number' ? 'column number' : 'column'}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={rowKey(row)}>
              {columns.map((column, index) =>
                column.kind === 'head' ? (
                  <th key={index} scope="row" data-label={column.label}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={index}
                    class={column.kind === 'number' ? 'number' : ''}
                    data-label={column.label || undefined}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
