import { backupFindings } from './backup-findings.ts'
import { dutyUnmeasuredDays } from './duty-unmeasured-days.ts'
import { filesystemUsedRatio } from './filesystem-used-ratio.ts'
import { heartbeat } from './heartbeat.ts'
import type { Measure } from './measure.ts'
import { authenticationFailures, pollerLate, upsOnBattery } from './newest-sample.ts'
import { reachability } from './reachability.ts'
import { serverUptime } from './server-uptime.ts'
import { spoolDroppedBatches } from './spool-dropped-batches.ts'

/** All measures by the name that packs use. */
export const MEASURES: Record<string, Measure> = {
  heartbeat,
  filesystem_used_ratio: filesystemUsedRatio,
  server_uptime: serverUptime,
  spool_dropped_batches: spoolDroppedBatches,
  reachability,
  ups_on_battery: upsOnBattery,
  authentication_failures: authenticationFailures,
  poller_late: pollerLate,
  // The same sum over the intervals of a link, or of a device that probes decide on.
  link_uptime: serverUptime,
  device_uptime: serverUptime,
  backup_late: backupFindings('late', 'never-came'),
  backup_failed: backupFindings('failed'),
  backup_copy_bad: backupFindings('bad-copy', 'gone', 'clock-ahead', 'verify-failed'),
  backup_shrunk: backupFindings('shrunk'),
  backup_place_missing: backupFindings('place-missing'),
  backup_kept_too_little: backupFindings('too-few-copies', 'too-short-kept'),
  backup_job_silent: backupFindings('silent', 'never-ended', 'not-seen'),
  restore_test_failed: backupFindings('restore-failed'),
  restore_test_overdue: backupFindings('restore-overdue'),
  duty_unmeasured_days: dutyUnmeasuredDays,
}

/** A pack may write any name: "constructor" is not a measure. */
export function measureNamed(name: string): Measure | undefined {
  return Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined
}
