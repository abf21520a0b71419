// Registers of what was written, held, examined, reported and confirmed.
import { PARTIES, type Party } from '../../../protocol/duty-words.ts'
import type { RegisterField } from '../../../protocol/register-views.ts'
import type { RegisterKind } from './kind.ts'

/** Which duty it is for: the theme that all packs share, or the duties themselves where a theme has several. */
export const FOR_WHICH_DUTY: readonly RegisterField[] = [
  {
    name: 'topic',
    label: { id: 'Tema kewajiban', en: 'Theme of the duty' },
    help: { id: 'Tema yang dipenuhi, mis. pd-sop', en: 'The theme that it answers, e.g. pd-sop' },
    type: 'topic',
    required: false,
  },
  {
    name: 'duties',
    label: { id: 'Kewajiban', en: 'Duties' },
    help: {
      id: 'Id kewajiban tertentu; bila diisi, tidak berlaku untuk kewajiban lain',
      en: 'Ids of certain duties; when set, it counts for no other',
    },
    type: 'list',
    required: false,
  },
]

const DOCUMENT_TYPES = [
  { value: 'sop', label: { id: 'SOP', en: 'SOP' } },
  { value: 'juknis', label: { id: 'Petunjuk teknis', en: 'Technical instructions' } },
  { value: 'guideline', label: { id: 'Pedoman', en: 'Guideline' } },
  { value: 'policy', label: { id: 'Kebijakan', en: 'Policy' } },
  { value: 'standard', label: { id: 'Standar', en: 'Standard' } },
  { value: 'plan', label: { id: 'Rencana', en: 'Plan' } },
  { value: 'decree', label: { id: 'Keputusan', en: 'Decree' } },
  { value: 'agreement', label: { id: 'Perjanjian', en: 'Agreement' } },
  { value: 'form', label: { id: 'Formulir', en: 'Form' } },
  { value: 'programme', label: { id: 'Program', en: 'Programme' } },
  { value: 'clearance', label: { id: 'Kelaikan', en: 'Clearance' } },
  { value: 'other', label: { id: 'Lainnya', en: 'Other' } },
]

export const PARTY_LABELS: Record<Party, { id: string; en: string }> = {
  diskominfo: { id: 'Diskominfo', en: 'Diskominfo' },
  'data-centre': { id: 'Pengelola pusat data', en: 'Keeper of the data centre' },
  'city-government': { id: 'Pemerintah daerah', en: 'Regional government' },
  agencies: { id: 'Kepala OPD', en: 'Head of the agency' },
  'service-owners': { id: 'Pemilik layanan', en: 'Owner of the service' },
  'system-operators': { id: 'Penyelenggara sistem', en: 'Operator of the system' },
  'independent-agencies': { id: 'PD Mandiri TIK', en: 'Independent agency' },
  users: { id: 'Pengguna', en: 'Users' },
  'head-of-region': { id: 'Kepala daerah', en: 'Head of the region' },
  secretary: { id: 'Sekretaris daerah', en: 'Regional secretary' },
  oversight: { id: 'Pengawasan', en: 'Oversight' },
  'spbe-team': { id: 'Tim SPBE', en: 'SPBE team' },
  planning: { id: 'Perencanaan', en: 'Planning' },
  assets: { id: 'Pengelola aset', en: 'Asset agency' },
  organisation: { id: 'Organisasi', en: 'Organisation' },
  personnel: { id: 'Kepegawaian', en: 'Personnel' },
  research: { id: 'Penelitian', en: 'Research' },
  cipher: { id: 'Persandian', en: 'Cipher' },
  procurement: { id: 'Pengadaan', en: 'Procurement' },
}

const remark: RegisterField = {
  name: 'remark',
  label: { id: 'Catatan', en: 'Remark' },
  help: null,
  type: 'long-text',
  required: false,
}

export const PAPERS: readonly RegisterKind[] = [
  {
    kind: 'document',
    title: { id: 'Dokumen dan SOP', en: 'Documents and SOPs' },
    description: {
      id: 'Dokumen yang diminta peraturan: SOP, kebijakan, standar, rencana, keputusan.',
      en: 'Documents that a regulation asks for: SOPs, policies, standards, plans, decrees.',
    },
    subjects: ['agency', 'site', 'server'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      {
        name: 'documentType',
        label: { id: 'Jenis dokumen', en: 'Type of document' },
        help: null,
        type: 'choice',
        choices: DOCUMENT_TYPES,
        required: true,
      },
      {
        name: 'signatory',
        label: { id: 'Penanda tangan', en: 'Signed by' },
        help: null,
        type: 'choice',
        // The words that packs use for who must sign.
        choices: PARTIES.map(party => ({ value: party, label: PARTY_LABELS[party] })),
        required: false,
      },
      {
        name: 'reviewedOn',
        label: { id: 'Terakhir ditinjau', en: 'Last reviewed' },
        help: null,
        type: 'date',
        required: false,
      },
      remark,
    ],
  },
  {
    kind: 'review',
    title: { id: 'Reviu', en: 'Reviews' },
    description: { id: 'Reviu berkala yang telah dilaksanakan.', en: 'Periodic reviews that were held.' },
    subjects: ['agency', 'site'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      { name: 'heldOn', label: { id: 'Dilaksanakan', en: 'Held on' }, help: null, type: 'date', required: true },
      { name: 'result', label: { id: 'Hasil', en: 'Result' }, help: null, type: 'long-text', required: false },
    ],
  },
  {
    kind: 'audit',
    title: { id: 'Audit', en: 'Audits' },
    description: { id: 'Audit TIK dengan laporannya.', en: 'Audits with their report.' },
    subjects: ['agency', 'site'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      {
        name: 'heldOn',
        label: { id: 'Tanggal laporan', en: 'Date of the report' },
        help: null,
        type: 'date',
        required: true,
      },
      { name: 'auditor', label: { id: 'Pelaksana', en: 'Auditor' }, help: null, type: 'text', required: true },
      {
        name: 'auditorKind',
        label: { id: 'Jenis pelaksana', en: 'Kind of auditor' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'accredited', label: { id: 'Lembaga terakreditasi', en: 'Accredited body' } },
          { value: 'oversight', label: { id: 'PD pengawasan', en: 'Oversight agency' } },
          { value: 'kominfo', label: { id: 'Dinas Kominfo', en: 'Communications agency' } },
          { value: 'government', label: { id: 'Lembaga pemerintah', en: 'Government body' } },
          { value: 'professional', label: { id: 'Profesional', en: 'Professionals' } },
        ],
        required: true,
      },
      { name: 'result', label: { id: 'Hasil', en: 'Result' }, help: null, type: 'long-text', required: false },
    ],
  },
  {
    kind: 'report',
    title: { id: 'Laporan', en: 'Reports' },
    description: { id: 'Laporan berkala yang telah disampaikan.', en: 'Periodic reports that were handed in.' },
    subjects: ['agency', 'site'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      { name: 'heldOn', label: { id: 'Disampaikan', en: 'Handed in on' }, help: null, type: 'date', required: true },
      { name: 'addressee', label: { id: 'Kepada', en: 'To' }, help: null, type: 'text', required: false },
      remark,
    ],
  },
  {
    kind: 'drill',
    title: { id: 'Uji pemulihan bencana', en: 'Disaster drills' },
    description: {
      id: 'Latihan pindah ke pusat pemulihan, dengan skenario, hasil, dan bukti terlampir.',
      en: 'Drills of moving to the recovery centre, with scenario, result and the evidence attached.',
    },
    subjects: ['site', 'agency'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      { name: 'heldOn', label: { id: 'Dilaksanakan', en: 'Held on' }, help: null, type: 'date', required: true },
      {
        name: 'scenario',
        label: { id: 'Skenario', en: 'Scenario' },
        help: {
          id: 'mis. listrik pusat data padam; basis data perizinan rusak',
          en: 'e.g. power of the data centre lost; database of permits destroyed',
        },
        type: 'text',
        required: true,
      },
      {
        name: 'outcome',
        label: { id: 'Hasil', en: 'Result' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'succeeded', label: { id: 'Berhasil', en: 'Succeeded' } },
          { value: 'partly', label: { id: 'Berhasil sebagian', en: 'Partly' } },
          { value: 'failed', label: { id: 'Gagal', en: 'Failed' } },
        ],
        required: true,
      },
      {
        name: 'recoveredInMinutes',
        label: { id: 'Layanan kembali setelah (menit)', en: 'Services back after (minutes)' },
        help: null,
        type: 'number',
        required: false,
        most: 100_000,
      },
      {
        name: 'findings',
        label: { id: 'Temuan dan perbaikan', en: 'Findings and what is mended' },
        help: null,
        type: 'long-text',
        required: false,
      },
    ],
  },
  {
    kind: 'attestation',
    title: { id: 'Pernyataan', en: 'Attestations' },
    description: {
      id: 'Pernyataan pejabat atas hal yang tidak dapat diukur; usianya dihitung.',
      en: 'What an official states and no machine can measure; it ages.',
    },
    subjects: ['agency', 'site', 'server'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      { name: 'heldOn', label: { id: 'Dinyatakan', en: 'Stated on' }, help: null, type: 'date', required: true },
      { name: 'official', label: { id: 'Pejabat', en: 'Official' }, help: null, type: 'text', required: true },
      {
        name: 'statement',
        label: { id: 'Pernyataan', en: 'Statement' },
        help: null,
        type: 'long-text',
        required: true,
      },
    ],
  },
]
