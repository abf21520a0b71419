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
