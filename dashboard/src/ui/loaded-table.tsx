import type { Resource } from '../api/use-resource.ts'
import { Skeleton } from './button.tsx'
import { EmptyState, ErrorNotice } from './notice.tsx'
import { Table, type TableProps } from './table.tsx'

type LoadedTableProps<T, Row> = Omit<TableProps<Row>, 'rows'> & {
  from: Resource<T>
  rowsOf: (data: T) => readonly Row[]
  /** Stands there when nothing does; needless where there is always one. */
  empty?: string
}

/** A table with all that it can be instead: on its way, empty, or not to be had. */
export function LoadedTable<T, Row>({ from, rowsOf, empty = '', ...table }: LoadedTableProps<T, Row>) {
  const rows = from.data === null ? null : rowsOf(from.data)
  return (
    <>
      <ErrorNotice error={from.error} onRetry={from.reload} />
      {rows === null && from.loading && <Skeleton rows={2} />}
      {rows !== null && rows.length === 0 && <EmptyState title={empty} />}
      {rows !== null && rows.length > 0 && <Table {...table} rows={rows} />}
    </>
  )
}
