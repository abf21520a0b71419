// Tables of backups: jobs, what was told of them, and what Diskominfo asks. Objects and lists are JSON.
import type {
  BackupJobState,
  BackupToolName,
  BackupTrouble,
  CopyPlace,
  RunPurpose,
  Urgency,
} from '../../../protocol/backup-words.ts'
import type { REMINDER_MAIL_STATES } from '../../../protocol/reminder-mail.ts'

export type BackupTables = {
  /** `unknown`: it may have gone out, so it does not go again. */
  reminder_mail: {
    reminder_id: string
    address: string
    state: (typeof REMINDER_MAIL_STATES)[number]
    attempts: number
    created_at: number
    next_at: number
    settled_at: number | null
    reason: string | null
  }
  /** Of the collector itself. `reason` (bilingual) of a try that failed; then there is nothing at `path`. */
  own_copy: {
    id: string
    begun_at: number
    ended_at: number
    path: string
    bytes: number | null
    files: number | null
    reason: string | null
  }
  /** Limits of an urgency class, from when to when they were in force. */
  backup_class: {
    id: string
    urgency: Urgency
    limits: string
    entered_at: number
    entered_by: string
    reason: string
    ended_at: number | null
  }
  backup_job: {
    id: string
    /** A record of the register of data sets; what an agent names may be none. */
    dataset_id: string
    /** `null` for a job that pings. */
    agent_id: string | null
    name: string
    title: string
    tool: BackupToolName
    state: BackupJobState
    place: CopyPlace | null
    site_id: string | null
    schedule: string | null
    grace_ms: number
    token_hash: string | null
    created_at: number
    created_by: string
    accepted_at: number | null
    accepted_by: string | null
    ended_at: number | null
    ended_by: string | null
    ended_reason: string | null
    first_told_at: number | null
    last_told_at: number | null
  }
  backup_run: {
    job_id: string
    id: string
    purpose: RunPurpose
    started_at: number
    ended_at: number | null
    outcome: 'running' | 'good' | 'failed'
    trouble: BackupTrouble | null
    exit_code: number | null
    detail: string
    bytes: number | null
    files: number | null
    proof: string | null
    clock_ahead: number
    /** When the collector first heard of it, and when it heard that it had ended. */
    told_at: number
    end_told_at: number | null
  }
  backup_sighting: {
    job_id: string
    id: string
    at: number
    took_ms: number
    trouble: BackupTrouble | null
    detail: string
    copy_count: number
    oldest_at: number | null
    verified_at: number | null
    told_at: number
  }
  backup_copy: {
    job_id: string
    copy_id: string
    taken_at: number
    bytes: number | null
    took_ms: number | null
    trouble: BackupTrouble | null
    first_seen_at: number
    last_seen_at: number
    /** When the place was read whole and it was there no more. */
    gone_at: number | null
  }
  backup_reminder: {
    id: string
    agency_id: string
    at: number
    by_actor: string
    text: string
    gaps: string
    contact: string | null
    answered_at: number | null
    answered_by: string | null
    answer: string | null
    promised_on: string | null
    /** The notice by which it went to the channels. */
    incident_id: string | null
  }
}
