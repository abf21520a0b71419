// Registers of what the agencies run and keep: services, applications and data sets.
import type { RegisterKind } from './kind.ts'

export const SERVICES: readonly RegisterKind[] = [
  {
    kind: 'service',
    title: { id: 'Layanan dan situs', en: 'Services and sites' },
    description: {
      id: 'Layanan SPBE dan situs dengan pemilik dan domain.',
      en: 'Services and web sites with owner and domain.',
    },
    subjects: ['agency', 'server'],
    legalBasis: 'optional',
    fields: [
      {
        name: 'role',
        label: { id: 'Peran', en: 'Role' },
        help: {
          id: 'website, portal, api, email, dns, backup, desk',
          en: 'website, portal, api, email, dns, backup, desk',
        },
        type: 'text',
        required: true,
      },
      { name: 'domain', label: { id: 'Domain', en: 'Domain' }, help: null, type: 'text', required: false },
      { name: 'path', label: { id: 'Jalur', en: 'Path' }, help: null, type: 'text', required: false },
      { name: 'owner', label: { id: 'Pemilik', en: 'Owner' }, help: null, type: 'text', required: false },
      {
        name: 'integratedBy',
        label: { id: 'Pertukaran lewat penghubung', en: 'Exchanged over the bus by' },
        help: null,
        type: 'text',
        required: false,
      },
      {
        name: 'datasets',
        label: { id: 'Data yang dipakai', en: 'Data sets that it needs' },
        help: {
          id: 'Judul atau id dari register Data',
          en: 'Titles or ids from the register of data sets',
        },
        type: 'list',
        required: false,
      },
      {
        name: 'holdsData',
        label: { id: 'Menyimpan data', en: 'Holds data' },
        help: {
          id: 'Tidak: layanan ini tidak perlu dicadangkan',
          en: 'No: nothing of this service needs a backup',
        },
        type: 'yes-no',
        required: false,
      },
      {
        name: 'nameCheckedOn',
        label: { id: 'Nama diperiksa', en: 'Name checked on' },
        help: null,
        type: 'date',
        required: false,
      },
    ],
  },
  {
    kind: 'application',
    title: { id: 'Aplikasi', en: 'Applications' },
    description: { id: 'Aplikasi milik OPD.', en: 'Applications of the agencies.' },
    subjects: ['agency', 'server'],
    legalBasis: 'optional',
    fields: [
      {
        name: 'applicationType',
        label: { id: 'Umum atau khusus', en: 'General or special' },
        help: null,
        type: 'choice',
        choices: [
          { value: 'general', label: { id: 'Umum', en: 'General' } },
          { value: 'special', label: { id: 'Khusus', en: 'Special' } },
        ],
        required: true,
      },
      { name: 'domain', label: { id: 'Domain', en: 'Domain' }, help: null, type: 'text', required: false },
      { name: 'owner', label: { id: 'Pemilik', en: 'Owner' }, help: null, type: 'text', required: false },
      {
        name: 'repository',
        label: { id: 'Tempat di repositori', en: 'Place in the repository' },
        help: null,
        type: 'text',
        required: false,
      },
      {
        name: 'accessHandedOverOn',
        label: { id: 'Hak akses diserahkan', en: 'Access handed over on' },
        help: null,
        type: 'date',
        required: false,
      },
      {
        name: 'openStandard',
        label: { id: 'Standar pertukaran', en: 'Standard of exchange' },
        help: null,
        type: 'text',
        required: false,
      },
    ],
  },
  {
    kind: 'dataset',
    title: { id: 'Data', en: 'Data sets' },
    description: {
      id: 'Data yang harus dicadangkan, dengan kelas urgensi.',
      en: 'Data that must be backed up, with its urgency.',
    },
    subjects: ['agency', 'server'],
    legalBasis: 'optional',
    fields: [
      {
        name: 'urgency',
        label: { id: 'Kelas urgensi', en: 'Urgency class' },
        help: {
          id: 'Umur, penyimpanan, tempat, dan uji pemulihan ditetapkan Diskominfo per kelas',
          en: 'Age, retention, places and restore tests are set by Diskominfo for each class',
        },
        type: 'choice',
        choices: [
          { value: 'high', label: { id: 'Tinggi', en: 'High' } },
          { value: 'medium', label: { id: 'Sedang', en: 'Medium' } },
          { value: 'low', label: { id: 'Rendah', en: 'Low' } },
        ],
        required: false,
      },
      {
        name: 'furtherPlace',
        label: { id: 'Juga harus ada di', en: 'Must also be at' },
        help: {
          id: 'Di samping tempat yang diminta kelasnya',
          en: 'Besides the places that its class asks for',
        },
        type: 'choice',
        choices: [
          { value: 'agency', label: { id: 'OPD', en: 'The agency' } },
          { value: 'data-centre', label: { id: 'Pusat data', en: 'Data centre' } },
          { value: 'drc', label: { id: 'DRC', en: 'Recovery centre' } },
          { value: 'cloud', label: { id: 'Awan', en: 'Cloud' } },
        ],
        required: false,
      },
      { name: 'owner', label: { id: 'Pemilik', en: 'Owner' }, help: null, type: 'text', required: false },
      {
        name: 'confidentiality',
        label: { id: 'Kerahasiaan', en: 'Confidentiality' },
        help: null,
        type: 'text',
        required: false,
      },
    ],
  },
]
