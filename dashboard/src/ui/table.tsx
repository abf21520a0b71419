import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { formatNumber } from '../format/number.ts'
import { language, t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
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
  /** More rows than this are shown when somebody asks for them; all where nothing is said. */
  most?: number
}

/** A table that turns into cards on a phone. `label` names it for a screen reader. */
export function Table<Row>({ label, columns, rows, rowKey, most = Number.POSITIVE_INFINITY }: TableProps<Row>) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole || rows.length <= most ? rows : rows.slice(0, most)
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
          {shown.map(row => (
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
      {shown.length < rows.length && (
        <div class="table-more">
          <Button size="small" onClick={() => setWhole(true)}>
            {t('table.all', { n: formatNumber(rows.length, language.value, 0) })}
          </Button>
        </div>
      )}
    </div>
  )
}
