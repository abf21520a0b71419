import { DatabaseSync } from 'node:sqlite'
import type { RestoreProof } from '../../../protocol/backups.ts'
import type { Trouble } from './program-trouble.ts'
import { firstBytes } from './unpack.ts'

const MAGIC = 'SQLite format 3\0'

export async function isSqlite(path: string): Promise<boolean> {
  return (await firstBytes(path, MAGIC.length)).toString('latin1') === MAGIC
}

/** Opens a restored SQLite file, lets it check itself and counts the rows of all its tables. Blocks while it does. */
export function countSqliteRows(path: string, name: string): Trouble | RestoreProof['databases'][number] {
  try {
    const database = new DatabaseSync(path)
    try {
      const [check] = database.prepare('pragma integrity_check(1)').all()
      const verdict = String(check?.integrity_check ?? '')
      if (verdict !== 'ok') return { trouble: 'damaged', detail: `${name}: ${verdict}` }
      const tables = database
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
        .all()
      let rows = 0
      for (const table of tables) {
        const quoted = `"${String(table.name).replaceAll('"', '""')}"`
        rows += Number(database.prepare(`select count(*) as n from ${quoted}`).get()?.n ?? 0)
      }
      return { name, tables: tables.length, rows }
    } finally {
      database.close()
    }
  } catch (error) {
    return { trouble: 'damaged', detail: `${name}: ${error instanceof Error ? error.message : String(error)}` }
  }
}
