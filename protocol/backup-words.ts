// The closed lists and numbers of backups that an agent and the pages need at run time. Without zod.

/** Where a copy stands, as Diskominfo's table of required places has it. */
export const COPY_PLACES = ['agency', 'data-centre', 'drc', 'cloud'] as const
export type CopyPlace = (typeof COPY_PLACES)[number]

/** What looks after the copies. `command` is a wrapped command, `ping` a job that only calls an address. */
export const BACKUP_TOOLS = [
  ...['restic', 'borg', 'pgbackrest', 'postgresql-dump', 'mariadb-dump', 'files', 'rsync'],
  ...['proxmox-ve', 'proxmox-backup-server', 's3', 'command', 'ping'],
] as const
export type BackupToolName = (typeof BACKUP_TOOLS)[number]

/** What a run was for. */
export const RUN_PURPOSES = ['backup', 'verify', 'restore-test'] as const
export type RunPurpose = (typeof RUN_PURPOSES)[number]

/** Why copies can't be counted on, as far as it can be told. Each has plain words in both languages on the pages. */
export const BACKUP_TROUBLES = [
  /** The job's own lines in the agent's file are wrong, or its program is not on the machine. */
  ...['configuration-wrong', 'tool-missing'],
  /** The place can't be looked at: nothing is known of the copies. */
  ...[
    'unreachable',
    'repository-missing',
    'wrong-password',
    'permission-denied',
    'locked',
    'timeout',
    'answer-unreadable',
  ],
  /** It was looked at, and what is there is no good copy. */
  ...['nothing-there', 'empty', 'truncated', 'header-wrong', 'checksum-wrong', 'damaged', 'incomplete', 'clock-ahead'],
  /** Of a run. */
  ...['command-failed', 'disk-full', 'never-ended', 'content-wrong'],
] as const
export type BackupTrouble = (typeof BACKUP_TROUBLES)[number]

export const BACKUP_LIMITS = {
  /** Reports in one batch. */
  reports: 200,
  /** Copies told one by one; the others are in the count. */
  copies: 50,
  job: 60,
  copyId: 200,
  detail: 300,
  databases: 50,
} as const

/** How urgent data is; each class has its limits, set by Diskominfo. */
export const URGENCIES = ['high', 'medium', 'low'] as const
export type Urgency = (typeof URGENCIES)[number]

/** A job counts for its data set once a person has accepted it, until a person ends it. */
export const BACKUP_JOB_STATES = ['waiting', 'accepted', 'ended'] as const
export type BackupJobState = (typeof BACKUP_JOB_STATES)[number]

/** What is found of a data set or of one of its jobs. Each comes with words in both languages. */
export const BACKUP_FINDINGS = [
  /** Nothing is known. */
  ...['no-job', 'nothing-yet'],
  /** What was due did not come. */
  ...['never-came', 'late', 'silent', 'never-ended', 'failed'],
  /** What is there can't be looked at, or is no good copy. */
  ...['not-seen', 'gone', 'bad-copy', 'clock-ahead', 'shrunk', 'grown'],
  /** Too few, not where they must be. */
  ...['too-few-copies', 'too-short-kept', 'place-missing', 'place-unknown'],
  /** What was copied must also come back. */
  ...['never-restored', 'restore-overdue', 'restore-failed', 'verify-failed'],
] as const
export type BackupFindingCode = (typeof BACKUP_FINDINGS)[number]

/** How a data set stands at one place. */
export const COVERAGE_STATES = ['good', 'late', 'never', 'unmeasured', 'no-job', 'not-required'] as const
export type CoverageState = (typeof COVERAGE_STATES)[number]

/** Why an agency must be reminded. */
export const COVERAGE_GAPS = [
  ...['no-data-set', 'data-set-without-job', 'place-missing', 'service-without-data-set', 'service-names-unknown'],
  ...['data-set-unmet', 'data-set-unmeasured'],
] as const
export type CoverageGap = (typeof COVERAGE_GAPS)[number]
