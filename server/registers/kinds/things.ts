// Registers of what stands where, who answers for it, and what was agreed about it.
import { PARTIES } from '../../../protocol/duty-words.ts'
import type { RegisterKind } from './kind.ts'
import { FOR_WHICH_DUTY, PARTY_LABELS } from './papers.ts'

const PLACES = [
  { value: 'data-centre', label: { id: 'Pusat data kota', en: "City's data centre" } },
  { value: 'national', label: { id: 'Pusat data nasional', en: 'National data centre' } },
  { value: 'drc', label: { id: 'Pusat pemulihan', en: 'Recovery centre' } },
  { value: 'agency', label: { id: 'Di OPD', en: 'At the agency' } },
  { value: 'cloud', label: { id: 'Awan', en: 'Cloud' } },
  { value: 'elsewhere', label: { id: 'Tempat lain', en: 'Elsewhere' } },
]

export const THINGS: readonly RegisterKind[] = [
  {
    kind: 'placement',
    title: { id: 'Penempatan', en: 'Placement' },
    description: {
      id: 'Di mana server, aplikasi, dan data masing-masing ditempatkan.',
      en: 'Where servers, applications and data sets stand, each apart.',
    },
    subjects: ['agency', 'site', 'server'],
    legalBasis: 'optional',
    fields: [
      {
        name: 'object',
        label: { id: 'Objek', en: 'Object' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'server', label: { id: 'Server', en: 'Server' } },
          { value: 'application', label: { id: 'Aplikasi', en: 'Application' } },
          { value: 'dataset', label: { id: 'Data', en: 'Data set' } },
          { value: 'site', label: { id: 'Lokasi', en: 'Site' } },
        ],
        required: true,
      },
      {
        name: 'place',
        label: { id: 'Tempat', en: 'Place' },
        help: null,
        type: 'choice',
        choices: PLACES,
        required: true,
      },
      {
        name: 'country',
        label: { id: 'Negara', en: 'Country' },
        help: { id: 'Kode ISO, mis. ID', en: 'ISO code, e.g. ID' },
        type: 'text',
        required: false,
      },
    ],
  },
  {
    kind: 'colocation',
    title: { id: 'Kolokasi', en: 'Colocation' },
    description: { id: 'Server yang dititipkan di pusat data.', en: 'Servers hosted in the data centre.' },
    subjects: ['agency', 'site', 'server'],
    legalBasis: 'optional',
    fields: [
      { name: 'rack', label: { id: 'Rak', en: 'Rack' }, help: null, type: 'text', required: true },
      {
        name: 'rackUnits',
        label: { id: 'Unit rak', en: 'Rack units' },
        help: null,
        type: 'number',
        required: true,
        least: 1,
        most: 60,
      },
      {
        name: 'powerFeed',
        label: { id: 'Jalur listrik', en: 'Power feed' },
        help: null,
        type: 'text',
        required: false,
      },
      { name: 'owner', label: { id: 'Pemilik', en: 'Owner' }, help: null, type: 'text', required: true },
      { name: 'agreement', label: { id: 'Perjanjian', en: 'Agreement' }, help: null, type: 'text', required: false },
    ],
  },
  {
    kind: 'contract',
    title: { id: 'Perjanjian', en: 'Contracts' },
    description: {
      id: 'Perjanjian dengan penyedia dan pihak ketiga: tautan, internet, DRC.',
      en: 'Agreements with providers and third parties: links, internet, recovery centre.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      ...FOR_WHICH_DUTY,
      { name: 'provider', label: { id: 'Pihak', en: 'With' }, help: null, type: 'text', required: true },
      { name: 'what', label: { id: 'Tentang', en: 'About' }, help: null, type: 'text', required: true },
      {
        name: 'licence',
        label: { id: 'Izin penyedia', en: 'Licence of the provider' },
        help: null,
        type: 'text',
        required: false,
      },
    ],
  },
  {
    kind: 'sla',
    title: { id: 'SLA', en: 'SLAs' },
    description: {
      id: 'Tingkat layanan yang disepakati, dengan angka.',
      en: 'Agreed levels of service, with numbers.',
    },
    subjects: ['agency', 'site', 'server'],
    legalBasis: 'optional',
    fields: [
      { name: 'service', label: { id: 'Layanan', en: 'Service' }, help: null, type: 'text', required: true },
      {
        name: 'availabilityPct',
        label: { id: 'Ketersediaan (%)', en: 'Availability (%)' },
        help: null,
        type: 'number',
        required: false,
        most: 100,
      },
      {
        name: 'responseHours',
        label: { id: 'Tanggapan (jam)', en: 'Response (hours)' },
        help: null,
        type: 'number',
        required: false,
      },
      {
        name: 'resolutionHours',
        label: { id: 'Penyelesaian (jam)', en: 'Resolution (hours)' },
        help: null,
        type: 'number',
        required: false,
      },
    ],
  },
  {
    kind: 'contact',
    title: { id: 'Penanggung jawab', en: 'Contacts and owners' },
    description: {
      id: 'Siapa yang bertanggung jawab dan dapat dihubungi.',
      en: 'Who answers for something and can be reached.',
    },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      { name: 'role', label: { id: 'Peran', en: 'Role' }, help: null, type: 'text', required: true },
      { name: 'person', label: { id: 'Nama', en: 'Name' }, help: null, type: 'text', required: true },
      { name: 'reachedBy', label: { id: 'Kontak', en: 'Reached by' }, help: null, type: 'text', required: true },
      { name: 'service', label: { id: 'Layanan', en: 'Service' }, help: null, type: 'text', required: false },
      {
        name: 'party',
        label: { id: 'Bagi kantor', en: 'For the office' },
        help: {
          id: 'Diberi tahu tentang kewajiban kantor itu yang jatuh tempo',
          en: 'Is told of what falls due for that office',
        },
        type: 'choice',
        choices: PARTIES.map(party => ({ value: party, label: PARTY_LABELS[party] })),
        required: false,
      },
      { name: 'hours', label: { id: 'Jam layanan', en: 'Hours' }, help: null, type: 'text', required: false },
    ],
  },
  {
    kind: 'asset',
    title: { id: 'Aset TIK', en: 'ICT assets' },
    description: { id: 'Aset dengan usia, kondisi, dan pemilik.', en: 'Assets with age, condition and owner.' },
    subjects: ['agency', 'site', 'server', 'router', 'device'],
    legalBasis: 'optional',
    fields: [
      { name: 'class', label: { id: 'Jenis', en: 'Class' }, help: null, type: 'text', required: true },
      { name: 'owner', label: { id: 'Pemilik', en: 'Owner' }, help: null, type: 'text', required: false },
      { name: 'acquiredOn', label: { id: 'Diperoleh', en: 'Acquired on' }, help: null, type: 'date', required: false },
      {
        name: 'condition',
        label: { id: 'Kondisi', en: 'Condition' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'good', label: { id: 'Baik', en: 'Good' } },
          { value: 'worn', label: { id: 'Kurang baik', en: 'Worn' } },
          { value: 'broken', label: { id: 'Rusak', en: 'Broken' } },
        ],
        required: false,
      },
      { name: 'serial', label: { id: 'Nomor seri', en: 'Serial number' }, help: null, type: 'text', required: false },
    ],
  },
]
