// What each measure can judge and which parameters a rule gives it: what a pack is held against before anything is
// measured. Plain data; how the value comes about stands in the file of the measure.
import { NETWORK_EDGES, PARTIES, type SubjectKind } from '../../../protocol/duty-words.ts'
import { SEVERITIES } from '../../../protocol/vocabulary.ts'

/** `numbers`: a number for each of several names. A list of words means one of them; `each`: a list of some of them. */
export type ParameterType =
  | 'number'
  | 'flag'
  | 'date'
  | 'list'
  | 'numbers'
  | readonly string[]
  | { each: readonly string[] }

export type MeasureSheet = {
  /** Where the value comes from. Only what is measured may wake a person: nobody is called at night for a paper. */
  judgedFrom: 'measurements' | 'registers' | 'calendar' | 'nothing'
  subjects: readonly SubjectKind[]
  /** What the rule must set. */
  needs: Record<string, ParameterType>
  may: Record<string, ParameterType>
}

const WINDOW = { window: ['calendar-month'] } as const
const LOOKED_OVER = { registerReviewEveryDays: 'number' } as const
const PERIOD = { periodMonths: 'number', reminderBeforeDueDays: 'number' } as const
const COUNTED = { periodBasis: ['calendar-year', 'rolling'] } as const
const AUDITORS = { each: ['accredited', 'government', 'oversight', 'kominfo', 'professional'] } as const
const APPROVALS = ['coordination', 'recommendation', 'request', 'approval', 'consent', 'clearance', 'test'] as const
const DOCUMENTS = [
  ...['sop', 'juknis', 'guideline', 'policy', 'standard', 'plan', 'programme', 'decree', 'agreement', 'form'],
  ...['clearance', 'other'],
] as const
const REGISTERS = ['application', 'asset', 'audit', 'colocation', 'contract', 'dataset', 'decision', 'service'] as const
/** Fields of registers that a duty may ask for beyond an owner. */
const FIELDS = [
  ...[
    'integratedBy',
    'nameCheckedOn',
    'repository',
    'accessHandedOverOn',
    'openStandard',
    'confidentiality',
    'licence',
  ],
] as const
const BANDWIDTH = {
  warnUtilisationPct: 'number',
  breachUtilisationPct: 'number',
  evaluationWindowMinutes: 'number',
  statistic: ['p95', 'max', 'mean'],
} as const

export const CATALOGUE: Record<string, MeasureSheet> = {
  // Measured by agents and pollers.
  server_uptime: {
    judgedFrom: 'measurements',
    subjects: ['server'],
    needs: { uptimeTargetPct: 'number', ...WINDOW },
    may: { excludeApprovedMaintenance: 'flag' },
  },
  service_health: {
    judgedFrom: 'measurements',
    subjects: ['site', 'service'],
    needs: {},
    may: {
      uptimeTargetPct: 'number',
      ...WINDOW,
      excludeApprovedMaintenance: 'flag',
    },
  },
  link_uptime: {
    judgedFrom: 'measurements',
    subjects: ['link'],
    needs: { linkUptimeTargetPct: 'number', ...WINDOW },
    may: {
      minConnectedPeers: 'number',
      demarcation: NETWORK_EDGES,
      beyond: NETWORK_EDGES,
      ...BANDWIDTH,
    },
  },
  bandwidth_utilisation: {
    judgedFrom: 'measurements',
    subjects: ['link'],
    needs: BANDWIDTH,
    may: { allocationPerOpdMbps: 'number' },
  },
  path_check: { judgedFrom: 'measurements', subjects: ['site'], needs: {}, may: LOOKED_OVER },
  config_hash_change: {
    judgedFrom: 'measurements',
    subjects: ['device'],
    needs: { changeRecordGraceHours: 'number' },
    may: { coordinationGraceHours: 'number' },
  },
  unknown_device: {
    judgedFrom: 'measurements',
    subjects: ['agency'],
    needs: {},
    may: { coordinationGraceHours: 'number', approvalType: APPROVALS, ...LOOKED_OVER },
  },
  backup_age: {
    judgedFrom: 'measurements',
    subjects: ['dataset'],
    needs: { minSizeRatio: 'number' },
    may: {
      backupWarnAgeHours: 'number',
      backupBreachAgeHours: 'number',
      backupMaxAgeByUrgencyHours: 'numbers',
      urgencyClassRequired: 'flag',
      defaultUrgencyClass: ['high', 'medium', 'low'],
      requiredCopiesInPusatData: 'number',
      restoreTestEveryDays: 'number',
    },
  },
  backup_coverage: {
    judgedFrom: 'measurements',
    subjects: ['agency'],
    needs: { maxUncoveredServers: 'number' },
    may: { backupBreachAgeHours: 'number' },
  },
  backup_offsite: {
    judgedFrom: 'measurements',
    subjects: ['dataset'],
    needs: { minDistanceDcBackupKm: 'number' },
    may: { minDistanceDcDrcKm: 'number', ...LOOKED_OVER },
  },
  drc_status: {
    judgedFrom: 'measurements',
    subjects: ['site'],
    needs: { maxReplicationLagHours: 'number' },
    may: { restoreTestEveryDays: 'number', backupBreachAgeHours: 'number', targetDate: 'date' },
  },
  security_posture: {
    judgedFrom: 'measurements',
    subjects: ['server'],
    needs: {
      requiredControls: { each: ['host-firewall', 'malware-protection', 'log-forwarding'] },
      maxPatchAgeDays: 'number',
    },
    may: {},
  },
  access_list: {
    judgedFrom: 'measurements',
    subjects: ['server'],
    needs: { accessReviewEveryDays: 'number' },
    may: { appointmentLetterRequired: 'flag' },
  },
  file_integrity: {
    judgedFrom: 'measurements',
    subjects: ['server'],
    needs: { unexplainedChangeGraceHours: 'number' },
    may: {},
  },
  http_probe: {
    judgedFrom: 'measurements',
    subjects: ['service'],
    needs: { availabilityTargetPct: 'number' },
    may: { eachAgencyHasOne: 'flag', ...LOOKED_OVER },
  },
  content_freshness: {
    judgedFrom: 'measurements',
    subjects: ['service'],
    needs: { maxContentAgeDays: 'number' },
    may: {},
  },
  cert_expiry: {
    judgedFrom: 'measurements',
    subjects: ['service', 'agency'],
    needs: { certWarnDays: 'number', certBreachDays: 'number' },
    may: {},
  },
  domain_suffix: {
    judgedFrom: 'measurements',
    subjects: ['service', 'application', 'city'],
    needs: LOOKED_OVER,
    may: { pathUnderPortalAllowed: 'flag', eachAgencyHasOne: 'flag' },
  },
  sla_attainment: {
    judgedFrom: 'measurements',
    subjects: ['service'],
    needs: { availabilityTargetPct: 'number' },
    may: { useSlaNumbersWhenRegistered: 'flag' },
  },
  incident_report_latency: {
    judgedFrom: 'measurements',
    subjects: ['agency'],
    needs: { reportToDinasWithinHours: 'number', seriousSeverityFrom: SEVERITIES },
    may: {},
  },

  // Read from registers that people keep.
  document: {
    judgedFrom: 'registers',
    subjects: ['city', 'agency', 'site', 'application'],
    needs: { documentType: DOCUMENTS },
    may: {
      documentReviewEveryMonths: 'number',
      firstDueMonths: 'number',
      signatory: PARTIES,
      termMonths: 'number',
      reminderBeforeDueDays: 'number',
    },
  },
  register_complete: {
    judgedFrom: 'registers',
    subjects: ['city', 'agency', 'site', 'link', 'service', 'application', 'dataset'],
    needs: { register: REGISTERS },
    may: { auditors: AUDITORS, requiredFields: { each: FIELDS }, ...LOOKED_OVER },
  },
  approval_record: {
    judgedFrom: 'registers',
    subjects: ['city', 'agency', 'service', 'application', 'dataset'],
    needs: { approvalType: APPROVALS },
    may: {
      approvalGraceAfterFirstSeenHours: 'number',
      planningHorizonYears: 'number',
      approver: ['head-of-owning-agency'],
      ...LOOKED_OVER,
    },
  },
  change_record: {
    judgedFrom: 'registers',
    subjects: ['city', 'agency', 'device', 'service'],
    needs: {},
    may: { changeRecordGraceHours: 'number', coordinationGraceHours: 'number', ...LOOKED_OVER },
  },
  placement: {
    judgedFrom: 'registers',
    subjects: ['server', 'dataset', 'application'],
    needs: LOOKED_OVER,
    may: { dataSuffices: 'flag' },
  },
  colocation_register: {
    judgedFrom: 'registers',
    subjects: ['server', 'site'],
    needs: LOOKED_OVER,
    may: {},
  },
  bandwidth_allocation: {
    judgedFrom: 'registers',
    subjects: ['agency'],
    needs: LOOKED_OVER,
    may: { allocationPerOpdMbps: 'number' },
  },
  asset_register: {
    judgedFrom: 'registers',
    subjects: ['agency', 'city'],
    needs: LOOKED_OVER,
    may: { deviceClasses: 'list' },
  },
  asset_health: {
    judgedFrom: 'registers',
    subjects: ['device'],
    needs: { requiredFields: { each: ['age', 'condition'] } },
    may: { conditionRefreshEveryHours: 'number', ...LOOKED_OVER },
  },
  owner_assigned: {
    judgedFrom: 'registers',
    subjects: ['city', 'agency', 'device', 'service', 'application'],
    needs: LOOKED_OVER,
    may: { minContacts: 'number', roles: 'list', vacantContactGraceDays: 'number' },
  },
  sla_register: { judgedFrom: 'registers', subjects: ['service'], needs: LOOKED_OVER, may: {} },
  service_desk: { judgedFrom: 'registers', subjects: ['agency', 'city'], needs: LOOKED_OVER, may: {} },
  incident_log: {
    judgedFrom: 'registers',
    subjects: ['agency', 'city'],
    needs: {
      requiredFields: {
        each: ['openedAt', 'cause', 'status', 'source', 'impact', 'evidence', 'mitigation', 'writtenNotice'],
      },
    },
    may: {
      alertToTicketMaxMinutes: 'number',
      ...LOOKED_OVER,
    },
  },
  drc_distance: {
    judgedFrom: 'registers',
    subjects: ['site'],
    needs: { minDistanceDcDrcKm: 'number' },
    may: {
      country: ['ID'],
      riskAssessmentReferenceRequired: 'flag',
      ...LOOKED_OVER,
    },
  },
  exemption_register: {
    judgedFrom: 'registers',
    subjects: ['agency', 'city'],
    needs: {},
    may: { decreeNumberRequired: 'flag', transitionEnd: 'date', ...LOOKED_OVER },
  },

  // Due on a day, met by what was handed in.
  review_due: {
    judgedFrom: 'calendar',
    subjects: ['city', 'agency', 'service'],
    needs: { reminderBeforeDueDays: 'number' },
    may: {
      periodMonths: 'number',
      ...COUNTED,
      termMonths: 'number',
      reviewPoints: { each: ['mid-term', 'final-year'] },
      midtermMonths: 'number',
    },
  },
  audit_due: {
    judgedFrom: 'calendar',
    subjects: ['city', 'agency'],
    needs: PERIOD,
    may: { ...COUNTED, auditors: AUDITORS },
  },
  report_due: { judgedFrom: 'calendar', subjects: ['city', 'agency'], needs: PERIOD, may: COUNTED },
  attestation: { judgedFrom: 'calendar', subjects: ['city', 'agency', 'site'], needs: PERIOD, may: COUNTED },
  restore_test: {
    judgedFrom: 'calendar',
    subjects: ['dataset'],
    needs: { restoreTestEveryDays: 'number' },
    may: { backupBreachAgeHours: 'number' },
  },

  /** Beyond what a program can see: the duty is shown, and stays unmeasured. */
  none: { judgedFrom: 'nothing', subjects: ['city', 'agency'], needs: {}, may: {} },
}

/** A pack may write any name: "constructor" is no measure. */
export function sheetOf(measure: string): MeasureSheet | undefined {
  return Object.hasOwn(CATALOGUE, measure) ? CATALOGUE[measure] : undefined
}
