import type { BackupTool } from './backup-tool.ts'
import { PLACE_FIELDS, type Place, placeFields } from './copies-in-place.ts'
import { lookAtDumps } from './dump-look.ts'
import { type Fields, refuseOthers } from './fields.ts'
import { isPostgresqlDump, judgePostgresqlDump } from './postgresql-judge.ts'
import { restorePostgresqlDump } from './postgresql-restore.ts'

/** Dumps of pg_dump and pg_dumpall in a folder. */
export const postgresqlDump: BackupTool<Place> = {
  name: 'postgresql-dump',
  parse(fields: Fields) {
    refuseOthers(fields, PLACE_FIELDS)
    return placeFields(fields)
  },
  look: (place, context) => lookAtDumps(place, context, { isCopy: isPostgresqlDump, judge: judgePostgresqlDump }),
  restore: restorePostgresqlDump,
}
