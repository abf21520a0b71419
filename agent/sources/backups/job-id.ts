import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const JOB_NAME = /^[a-z0-9][a-z0-9._-]*$/

export function isDatasetId(text: string): boolean {
  return UUID.test(text)
}

/** As the collector takes them. */
export function isJobName(text: string): boolean {
  return JOB_NAME.test(text) && text.length <= BACKUP_LIMITS.job
}
