// Calls about backups: those of people, and the addresses that jobs call (https://healthchecks.io/docs/http_api/).
import { z } from 'zod'
import {
  backupClassView,
  backupCopyView,
  backupDatasetView,
  backupJobView,
  backupLimits,
  backupRunView,
  backupSchedule,
  backupSightingView,
  coverageView,
  reminderView,
  supervisionView,
} from './backup-views.ts'
import { BACKUP_JOB_STATES, COPY_PLACES } from './backup-words.ts'
import { backupJobName } from './backups.ts'
import type { Call } from './call.ts'
import { instant, recordId } from './shapes.ts'
import { LANGUAGES } from './vocabulary.ts'

const nothing = z.strictObject({})
const reason = z.string().trim().min(3).max(1_000)
const graceMs = z
  .int()
  .min(60_000)
  .max(31 * 86_400_000)
/** Where the copy stands; only a person says so. */
const where = { place: z.enum(COPY_PLACES), siteId: recordId.nullable().default(null) }
const rhythm = { schedule: backupSchedule.nullable().default(null), graceMs: graceMs.default(3_600_000) }
/** Only of a job that pings, and only this once. */
const withToken = z.strictObject({ job: backupJobView, token: z.string(), url: z.string() })
const ping = { access: 'address', response: nothing } as const

export const BACKUP_CALLS = {
  ping: { summary: 'A job says that it ended well; 404 for a token that nobody has', ...ping },
  pingWithText: { summary: 'The same, with the last lines of its output as body', ...ping },
  pingStep: { summary: 'A job says `start`, `fail`, or with which number it ended', ...ping },
  pingStepWithText: { summary: 'The same, with the last lines of its output as body', ...ping },

  backupClasses: {
    summary: 'Urgency classes with their limits, and what they were',
    access: 'read',
    response: z.strictObject({ classes: z.array(backupClassView) }),
  },
  setBackupClass: {
    summary: 'Set the limits of an urgency class, from now on',
    access: 'rules:write',
    body: z.strictObject({ limits: backupLimits, reason }),
    response: backupClassView,
  },

  backupCoverage: {
    summary: 'Agencies, data sets and places, with what is missing',
    access: 'read',
    response: coverageView,
  },
  exportBackupCoverage: {
    summary: 'The same as a file',
    access: 'read',
    query: z.strictObject({ format: z.enum(['csv', 'xlsx']), language: z.enum(LANGUAGES).default('id') }),
    response: nothing,
  },
  backupDataset: {
    summary: 'One data set: its status with what it rests on, and its jobs',
    access: 'read',
    response: backupDatasetView,
  },
  backupHistory: {
    summary: 'Runs, copies and looks of a data set, newest first',
    access: 'read',
    query: z.strictObject({
      from: z.coerce.number().pipe(instant).optional(),
      to: z.coerce.number().pipe(instant).optional(),
      limit: z.coerce.number().int().min(1).max(2_000).default(200),
    }),
    response: z.strictObject({
      runs: z.array(backupRunView),
      copies: z.array(backupCopyView),
      sightings: z.array(backupSightingView),
    }),
  },

  backupJobs: {
    summary: 'Jobs; those that wait for acceptance count for nothing',
    access: 'read',
    query: z.strictObject({ state: z.enum(BACKUP_JOB_STATES).optional() }),
    response: z.strictObject({ jobs: z.array(backupJobView) }),
  },
  createBackupJob: {
    summary: 'Make a job of an agent ahead of its first report',
    access: 'inventory:write',
    body: z.strictObject({
      ...{ datasetId: recordId, agentId: recordId, name: backupJobName },
      ...{ title: z.string().trim().max(200).default(''), ...where, ...rhythm },
    }),
    response: backupJobView,
  },
  createPingJob: {
    summary: 'Make a job that calls an address; the address is shown this once',
    access: 'inventory:write',
    body: z.strictObject({
      datasetId: recordId,
      name: backupJobName,
      title: z.string().trim().max(200).default(''),
      ...where,
      schedule: backupSchedule,
      graceMs: graceMs.default(3_600_000),
    }),
    response: withToken,
  },
  renewPingToken: {
    summary: 'A new address for a job that pings; the old one is good no more',
    access: 'inventory:write',
    body: nothing,
    response: withToken,
  },
  acceptBackupJob: {
    summary: 'Let the reports of a job count for its data set',
    access: 'inventory:write',
    body: z.strictObject({ title: z.string().trim().max(200).default(''), ...where, ...rhythm }),
    response: backupJobView,
  },
  updateBackupJob: {
    summary: 'Change where the copies of a job stand and when it is due',
    access: 'inventory:write',
    body: z.strictObject({ title: z.string().trim().max(200).default(''), ...where, ...rhythm }),
    response: backupJobView,
  },
  endBackupJob: {
    summary: 'End a job: its reports count no more, its history stays',
    access: 'inventory:write',
    body: z.strictObject({ reason }),
    response: backupJobView,
  },
  resumeBackupJob: {
    summary: 'Take an ended job up again',
    access: 'inventory:write',
    body: z.strictObject({ reason }),
    response: backupJobView,
  },

  backupSupervision: {
    summary: 'Who must be reminded of what, when they were, and what they answered',
    access: 'read',
    response: supervisionView,
  },
  remindAgency: {
    summary: 'Remind an agency of what is missing; a notice goes through the channels',
    access: 'incidents:write',
    body: z.strictObject({ agencyId: recordId, text: z.string().trim().min(3).max(500) }),
    response: reminderView,
  },
  answerReminder: {
    summary: 'Write down what the agency answered',
    access: 'incidents:write',
    body: z.strictObject({
      text: z.string().trim().min(3).max(4_000),
      promisedOn: z.iso.date().nullable().default(null),
    }),
    response: reminderView,
  },
} as const satisfies Record<string, Call>
