// Registers of what was allowed, decided, exempted and changed.

import type { RegisterKind } from './kind.ts'
import { FOR_WHICH_DUTY } from './papers.ts'

export const PERMITS: readonly RegisterKind[] = [
  {
    kind: 'approval',
    title: { id: 'Persetujuan', en: 'Approvals' },
    description: {
      id: 'Persetujuan, rekomendasi, koordinasi, dan kelaikan.',
      en: 'Approvals, recommendations, coordination and clearances.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      {
        name: 'approvalType',
        label: { id: 'Bentuk', en: 'Form' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'coordination', label: { id: 'Koordinasi', en: 'Coordination' } },
          { value: 'request', label: { id: 'Permohonan', en: 'Request' } },
          { value: 'recommendation', label: { id: 'Rekomendasi', en: 'Recommendation' } },
          { value: 'approval', label: { id: 'Persetujuan', en: 'Approval' } },
          { value: 'consent', label: { id: 'Persetujuan pemilik data', en: "Owner's consent" } },
          { value: 'clearance', label: { id: 'Kelaikan', en: 'Clearance' } },
          { value: 'test', label: { id: 'Hasil uji', en: 'Test report' } },
        ],
        required: true,
      },
      { name: 'item', label: { id: 'Untuk', en: 'For what' }, help: null, type: 'text', required: true },
      {
        name: 'state',
        label: { id: 'Status', en: 'State' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'requested', label: { id: 'Diajukan', en: 'Requested' } },
          { value: 'granted', label: { id: 'Disetujui', en: 'Granted' } },
          { value: 'refused', label: { id: 'Ditolak', en: 'Refused' } },
        ],
        required: true,
      },
      { name: 'approver', label: { id: 'Pemberi', en: 'Given by' }, help: null, type: 'text', required: false },
      {
        name: 'planningYears',
        label: { id: 'Kebutuhan dihitung (tahun)', en: 'Need reckoned for (years)' },
        help: null,
        type: 'number',
        required: false,
        most: 30,
      },
    ],
  },
  {
    kind: 'exemption',
    title: { id: 'Pengecualian', en: 'Exemptions' },
    description: {
      id: 'Mengeluarkan subjek dari kewajiban tertentu; dasar hukum dan nomor keputusan wajib.',
      en: 'Takes a subject out of certain duties; legal basis and number of the decree are required.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device', 'link', 'service', 'application', 'dataset'],
    legalBasis: 'required',
    fields: [
      {
        name: 'duties',
        label: { id: 'Kewajiban', en: 'Duties' },
        help: { id: 'Id kewajiban; satu per baris', en: 'Ids of duties; one a line' },
        type: 'list',
        required: true,
      },
      {
        name: 'decree',
        label: { id: 'Nomor keputusan', en: 'Number of the decree' },
        help: null,
        type: 'text',
        required: true,
      },
      {
        name: 'ground',
        label: { id: 'Alasan menurut peraturan', en: 'Ground in the regulation' },
        help: {
          id: 'Seperti pada halaman kewajiban, mis. other-law; kosong bila dasarnya peraturan lain',
          en: 'As on the page of the duty, e.g. other-law; empty where other law is the basis',
        },
        type: 'text',
        required: false,
      },
      { name: 'reason', label: { id: 'Alasan', en: 'Reason' }, help: null, type: 'long-text', required: false },
    ],
  },
  {
    kind: 'decision',
    title: { id: 'Keputusan', en: 'Decisions' },
    description: {
      id: 'Keputusan yang menentukan berlakunya kewajiban, mis. PD membangun pusat data sendiri.',
      en: 'Decisions on which duties hang, e.g. that the city builds a data centre of its own.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      {
        name: 'topic',
        label: { id: 'Syarat atau tema', en: 'Condition or theme' },
        help: null,
        type: 'topic',
        required: true,
      },
      {
        name: 'decree',
        label: { id: 'Nomor keputusan', en: 'Number of the decree' },
        help: null,
        type: 'text',
        required: false,
      },
      {
        name: 'holds',
        label: { id: 'Syarat terpenuhi', en: 'The condition holds' },
        help: { id: 'Kosong: ya', en: 'Left empty: yes' },
        type: 'yes-no',
        required: false,
      },
      { name: 'text', label: { id: 'Isi', en: 'Content' }, help: null, type: 'long-text', required: false },
    ],
  },
  {
    kind: 'change',
    title: { id: 'Catatan perubahan', en: 'Change records' },
    description: {
      id: 'Perubahan konfigurasi, perangkat, dan layanan dengan pengusul dan persetujuan.',
      en: 'Changes of configurations, devices and services, with who asked and who approved.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      {
        name: 'changedOn',
        label: { id: 'Tanggal perubahan', en: 'Date of the change' },
        help: null,
        type: 'date',
        required: true,
      },
      { name: 'author', label: { id: 'Pelaksana', en: 'Done by' }, help: null, type: 'text', required: true },
      {
        name: 'approvedBy',
        label: { id: 'Disetujui oleh', en: 'Approved by' },
        help: null,
        type: 'text',
        required: false,
      },
      { name: 'what', label: { id: 'Perubahan', en: 'What changed' }, help: null, type: 'long-text', required: true },
    ],
  },
]
