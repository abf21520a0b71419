// How each measure of the catalogue comes to its value.
import { backupAge, backupCoverage, backupOffsite } from './copies.ts'
import { document } from './document.ts'
import { drcStatus } from './drc-status.ts'
import { dueFrom, restoreTest } from './due-dates.ts'
import { type DutyMeasure, unmeasured } from './duty-measure.ts'
import {
  bandwidthUtilisation,
  httpProbe,
  linkUptime,
  serverUptimeDuty,
  serviceHealth,
  slaAttainment,
} from './observed.ts'
import { drcDistance, placement } from './placement.ts'
import {
  approvalRecord,
  assetHealth,
  assetRegister,
  bandwidthAllocation,
  changeRecord,
  colocationRegister,
  exemptionRegister,
  ownerAssigned,
  registerComplete,
  serviceDesk,
  slaRegister,
} from './records-kept.ts'
import {
  accessList,
  certExpiry,
  configHashChange,
  contentFreshness,
  domainSuffix,
  fileIntegrity,
  incidentLog,
  incidentReportLatency,
  pathCheck,
  securityPosture,
  unknownDevice,
} from './watched.ts'

const beyondUs: DutyMeasure = () =>
  unmeasured({ id: 'Tidak dapat diukur oleh perangkat lunak.', en: 'No program can measure this.' })

/** One for each measure of the catalogue; the test holds the two lists against each other. */
export const DUTY_MEASURES: Record<string, DutyMeasure> = {
  server_uptime: serverUptimeDuty,
  service_health: serviceHealth,
  link_uptime: linkUptime,
  bandwidth_utilisation: bandwidthUtilisation,
  path_check: pathCheck,
  config_hash_change: configHashChange,
  unknown_device: unknownDevice,
  backup_age: backupAge,
  backup_coverage: backupCoverage,
  backup_offsite: backupOffsite,
  drc_status: drcStatus,
  security_posture: securityPosture,
  access_list: accessList,
  file_integrity: fileIntegrity,
  http_probe: httpProbe,
  content_freshness: contentFreshness,
  cert_expiry: certExpiry,
  domain_suffix: domainSuffix,
  sla_attainment: slaAttainment,
  incident_report_latency: incidentReportLatency,
  document,
  register_complete: registerComplete,
  approval_record: approvalRecord,
  change_record: changeRecord,
  placement,
  colocation_register: colocationRegister,
  bandwidth_allocation: bandwidthAllocation,
  asset_register: assetRegister,
  asset_health: assetHealth,
  owner_assigned: ownerAssigned,
  sla_register: slaRegister,
  service_desk: serviceDesk,
  incident_log: incidentLog,
  drc_distance: drcDistance,
  exemption_register: exemptionRegister,
  review_due: dueFrom('review'),
  audit_due: dueFrom('audit'),
  report_due: dueFrom('report'),
  attestation: dueFrom('attestation'),
  restore_test: restoreTest,
  none: beyondUs,
}
