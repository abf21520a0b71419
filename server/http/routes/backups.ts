import { acceptBackupJob } from '../../backups/accept-backup-job.ts'
import { answerReminder } from '../../backups/answer-reminder.ts'
import { listClasses } from '../../backups/class-queries.ts'
import { coverageTable } from '../../backups/coverage-table.ts'
import { createBackupJob } from '../../backups/create-backup-job.ts'
import { createPingJob } from '../../backups/create-ping-job.ts'
import { readDataset, readHistory } from '../../backups/dataset-queries.ts'
import { endBackupJob } from '../../backups/end-backup-job.ts'
import { listJobs, readJob } from '../../backups/job-queries.ts'
import { remindAgency } from '../../backups/remind-agency.ts'
import { renewPingToken } from '../../backups/renew-ping-token.ts'
import { resumeBackupJob } from '../../backups/resume-backup-job.ts'
import { setBackupClass } from '../../backups/set-backup-class.ts'
import { readCoverage, readReminder, readSupervision } from '../../backups/supervision.ts'
import { updateBackupJob } from '../../backups/update-backup-job.ts'
import { readOwnCopies } from '../../own-copies/own-copy-log.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { csvLine } from '../../reports/csv-export.ts'
import { xlsxOf } from '../../reports/xlsx-export.ts'
import { type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export const backupRoutes: readonly Route[] = [
  readRoute('backupClasses', async ({ records }) => ({ classes: await listClasses(records) })),
  verbRoute('setBackupClass', setBackupClass, async ({ records }, { params }) => {
    const found = (await listClasses(records)).find(({ urgency }) => urgency === params.urgency)
    if (found === undefined) throw new ProblemError('not-found', 'There is no such urgency class')
    return found
  }),

  readRoute('ownCopies', ({ records }, { at }) => readOwnCopies(records, at)),
  readRoute('backupCoverage', ({ records }, { at }) => readCoverage(records, at)),
  readRoute('exportBackupCoverage', async ({ records }, { at, query, response }) => {
    const { format, language } = query
    const table = coverageTable(await readCoverage(records, at), language)
    const day = new Date(at).toISOString().slice(0, 10)
    response.set('content-type', MEDIA_TYPES[format]).set('cache-control', 'no-store')
    response.set('content-disposition', `attachment; filename="pencadangan-${day}.${format}"`)
    response.end(format === 'csv' ? table.map(csvLine).join('') : xlsxOf({ name: 'Pencadangan', rows: table }))
    return {}
  }),
  readRoute('backupDataset', ({ records }, { at, params }) => readDataset(records, at, params.id ?? '')),
  readRoute('backupHistory', ({ records }, { at, params, query }) => {
    const { from = 0, to = at, limit } = query
    return readHistory(records, { datasetId: params.id ?? '', from, to, limit })
  }),

  readRoute('backupJobs', async ({ records }, { at, query }) => ({ jobs: await listJobs(records, at, query) })),
  verbRoute('createBackupJob', createBackupJob, ({ records }, { at }, { id }) => readJob(records, at, id)),
  verbRoute('createPingJob', createPingJob, withAddress),
  verbRoute('renewPingToken', renewPingToken, withAddress),
  verbRoute('acceptBackupJob', acceptBackupJob, thatJob),
  verbRoute('updateBackupJob', updateBackupJob, thatJob),
  verbRoute('endBackupJob', endBackupJob, thatJob),
  verbRoute('resumeBackupJob', resumeBackupJob, thatJob),

  readRoute('backupSupervision', ({ records }, { at }) => readSupervision(records, at)),
  verbRoute('remindAgency', remindAgency, ({ records }, _context, { id }) => readReminder(records, id)),
  verbRoute('answerReminder', answerReminder, ({ records }, { params }) => readReminder(records, params.id ?? '')),
]

/** The address is shown this once. */
async function withAddress(
  { records, publicUrl, now }: Services,
  _context: RouteContext,
  made: { id: string; token: string },
) {
  const { id, token } = made
  return { job: await readJob(records, now(), id), token, url: `${publicUrl.replace(/\/+$/, '')}/ping/${token}` }
}

/** As of now: the change is a moment younger than the request. */
function thatJob({ records, now }: Services, { params }: RouteContext) {
  return readJob(records, now(), params.id ?? '')
}
