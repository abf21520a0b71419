import type { BackupFindingCode } from '../../../protocol/backup-words.ts'
import type { Measure } from './measure.ts'

/**
 * How many of these things are wrong with the backups of a data set. What limits they are found by is of its urgency class.
 * Without a good copy, and before one is due, nothing is known: no value.
 */
export function backupFindings(...codes: readonly BackupFindingCode[]): Measure {
  return {
    unit: 'problems',
    parameters: [],
    cadence: 'backups',
    evaluate: ({ backup }) => {
      if (backup === undefined) return []
      const found = backup.findings.filter(({ code }) => codes.includes(code))
      const value = found.length === 0 && backup.lastGood === null ? null : found.length
      const basis = {
        findings: found.map(({ code, words, jobId, place, trouble }) => ({ code, words, jobId, place, trouble })),
        ...{ lastGood: backup.lastGood, size: backup.size, lastRestoredAt: backup.lastRestored?.at ?? null },
      }
      return [{ part: '', value, basis }]
    },
  }
}
