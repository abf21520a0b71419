// The closed lists of words that regulation packs are written in. Plain data: the screens have the labels.
import type { DeviceKind } from './snmp-words.ts'

/** How the regulation binds, by its own word; `indikatif` is a plain statement ("menyediakan"), `bertahap` "harus" by and by. */
export const MODALS = [
  'wajib',
  'harus',
  'bertahap',
  'dilarang',
  'indikatif',
  'bersyarat',
  'dapat',
  'berwenang',
] as const
export type Modal = (typeof MODALS)[number]

/** What it is called when a duty is not kept. An option (`dapat`, `berwenang`) can't be missed: it is shown only. */
export const MISS_KINDS = ['breach', 'finding', 'option'] as const
export type MissKind = (typeof MISS_KINDS)[number]

const MISSES: Record<Modal, MissKind> = {
  wajib: 'breach',
  harus: 'breach',
  bertahap: 'breach',
  dilarang: 'breach',
  indikatif: 'finding',
  bersyarat: 'finding',
  dapat: 'option',
  berwenang: 'option',
}

/** Derived from the modal, so that a pack can't say two things. */
export const missOf = (modal: Modal): MissKind => MISSES[modal]

/** Who owes a duty. `data-centre` is run by Diskominfo; what follows `head-of-region` are other offices of the same government. */
export const PARTIES = [
  ...['diskominfo', 'data-centre', 'city-government', 'agencies', 'service-owners', 'system-operators'],
  ...['independent-agencies', 'users', 'head-of-region', 'secretary', 'oversight', 'spbe-team', 'planning'],
  ...['assets', 'organisation', 'personnel', 'research', 'cipher', 'procurement'],
] as const
export type Party = (typeof PARTIES)[number]

/** What a duty is judged on; `city` is the government as a whole. */
export const SUBJECT_KINDS = [
  ...['city', 'agency', 'site', 'server', 'router', 'device', 'link', 'dataset', 'service', 'application'],
] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]

/** As what duties and registers know a device: what is neither server nor router is a `device`. */
export function subjectKindOf(kind: DeviceKind): 'server' | 'router' | 'device' {
  return kind === 'server' || kind === 'router' ? kind : 'device'
}

/** Which subjects of a kind are meant, where not all of them are. */
export const SUBJECT_ROLES: Record<SubjectKind, readonly string[]> = {
  city: [],
  agency: [],
  site: ['data-centre', 'drc', 'office'],
  server: ['hosted', 'backup'],
  router: [],
  device: ['network'],
  link: [
    ...['intra-network', 'internet', 'data-centre-peer', 'national-data-centre', 'service-bus', 'government-network'],
    ...['central-agency', 'independent-data-centre', 'data-warehouse'],
  ],
  dataset: ['official-letters'],
  service: ['website', 'portal', 'api', 'service-bus', 'email', 'domain', 'backup', 'desk', 'legal-library', 'public'],
  application: ['special', 'general'],
}

/** How far into an office a network goes: to the site, to the router of the agency, or to every port inside. */
export const NETWORK_EDGES = ['site', 'agency-router', 'lan'] as const
export type NetworkEdge = (typeof NETWORK_EDGES)[number]

/** Which agencies (and their subjects) are meant: some duties bind the independent ones (PD Mandiri TIK) only. */
export const AGENCY_CHOICES = ['all', 'independent', 'not-independent'] as const
export type AgencyChoice = (typeof AGENCY_CHOICES)[number]

/**
 * When a duty applies at all. `independent-agency` and `runs-electronic-system` follow from what is registered; each other
 * one is held true by a decision on record, and without one the duty does not apply.
 */
export const CONDITIONS = [
  ...['independent-agency', 'runs-electronic-system', 'own-data-centre', 'own-network', 'city-built-data-centre'],
  ...['city-built-service-bus', 'service-bus-before-official', 'data-handled-for-others', 'cannot-procure-server'],
  ...['in-house-application', 'runs-lpse'],
] as const
export type Condition = (typeof CONDITIONS)[number]

/** What shows that a duty was kept. */
export const EVIDENCE_KINDS = [
  ...['measurements', 'register-entry', 'document', 'decree', 'review-report', 'audit-report', 'submitted-report'],
  ...['approval-letter', 'test-report', 'statement', 'tickets', 'change-records', 'agreement'],
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** `related` duties (architecture, applications, general management) stand beside infrastructure and are off by default. */
export const DUTY_SCOPES = ['core', 'related'] as const
export type DutyScope = (typeof DUTY_SCOPES)[number]

/** WIB, WITA and WIT. */
export const TIME_ZONES = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'] as const
export type TimeZone = (typeof TIME_ZONES)[number]

export const THEMES = [
  ...['arsitektur-dasar', 'arsitektur-reviu', 'bagi-pakai', 'pd-kelola', 'penempatan', 'aplikasi-pd'],
  ...['persetujuan-data', 'colocation', 'keamanan-server', 'uptime', 'pd-standar', 'pd-koneksi', 'pd-sop', 'pd-reviu'],
  ...['cadangan', 'cadangan-supervisi', 'cadangan-sistem', 'drc', 'drc-lokasi', 'drp', 'ji-kelola', 'ji-pakai'],
  ...['noc-bandwidth', 'internet', 'ji-perubahan', 'perangkat', 'pengadaan', 'ji-koneksi', 'ji-sop', 'spl-kelola'],
  ...['spl-pakai', 'spl-syarat', 'kam-akses', 'kam-modifikasi', 'kam-ketersediaan', 'kam-sertifikat', 'kam-kebijakan'],
  ...['insiden', 'domain', 'situs', 'email', 'aset', 'sla', 'meja-layanan', 'penanggung-jawab', 'perubahan'],
  ...['audit-infra', 'audit-aplikasi', 'audit-keamanan', 'audit-umum', 'monev', 'manajemen', 'pd-mandiri'],
  ...['pengecualian', 'pihak-ketiga', 'repositori', 'lain'],
] as const
export type Theme = (typeof THEMES)[number]
