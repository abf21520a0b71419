// A made-up city of 48 agencies: what each backs up where, and how that must look, written down by hand beforehand.
import type { CoverageState, Urgency } from '../../protocol/backup-words.ts'
import type { Verdict } from '../../protocol/vocabulary.ts'

/**
 * What is told of the job of one place: a good copy of this night, one of five days ago only, a newest one that is cut off
 * behind a good one, a wrong password, no word since it was accepted. `-` is no job.
 */
export type Told = 'fresh' | 'old' | 'cut' | 'locked-out' | 'silent' | '-'
type Places<T> = readonly [agency: T, dataCentre: T, drc: T, cloud: T]

export type DatasetKind = {
  urgency: Urgency
  told: Places<Told>
  restored: 'restored' | 'never-restored'
  /** The answer: what the matrix must say. */
  cells: Places<CoverageState>
  verdict: Verdict
}

const [FREE, NO_JOB] = ['not-required', 'no-job'] as const

// High asks for the data centre and the recovery centre within 26 hours, medium and low for the data centre within 72 and
// 168 hours: the limits as Pantau proposes them.
export const DATASET_KINDS = {
  safe: {
    ...{ urgency: 'high', told: ['-', 'fresh', 'fresh', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', 'good', FREE], verdict: 'met' },
  },
  'never tried': {
    ...{ urgency: 'high', told: ['-', 'fresh', 'fresh', '-'], restored: 'never-restored' },
    ...{ cells: [FREE, 'good', 'good', FREE], verdict: 'at-risk' },
  },
  'not at the DRC': {
    ...{ urgency: 'high', told: ['-', 'fresh', '-', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', NO_JOB, FREE], verdict: 'unmet' },
  },
  'late at the DRC': {
    ...{ urgency: 'high', told: ['-', 'fresh', 'old', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', 'late', FREE], verdict: 'unmet' },
  },
  plain: {
    ...{ urgency: 'medium', told: ['-', 'fresh', '-', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', FREE, FREE], verdict: 'met' },
  },
  old: {
    ...{ urgency: 'medium', told: ['-', 'old', '-', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'late', FREE, FREE], verdict: 'unmet' },
  },
  'old enough': {
    ...{ urgency: 'low', told: ['-', 'old', '-', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', FREE, FREE], verdict: 'met' },
  },
  'at home only': {
    ...{ urgency: 'medium', told: ['fresh', '-', '-', '-'], restored: 'restored' },
    ...{ cells: ['good', NO_JOB, FREE, FREE], verdict: 'unmet' },
  },
  silent: {
    ...{ urgency: 'medium', told: ['-', 'silent', '-', '-'], restored: 'never-restored' },
    ...{ cells: [FREE, 'unmeasured', FREE, FREE], verdict: 'unmeasured' },
  },
  forgotten: {
    ...{ urgency: 'low', told: ['-', '-', '-', '-'], restored: 'never-restored' },
    ...{ cells: [FREE, NO_JOB, FREE, FREE], verdict: 'unmeasured' },
  },
  everywhere: {
    ...{ urgency: 'low', told: ['fresh', 'fresh', 'fresh', 'fresh'], restored: 'restored' },
    ...{ cells: ['good', 'good', 'good', 'good'], verdict: 'met' },
  },
  cut: {
    ...{ urgency: 'medium', told: ['-', 'cut', '-', '-'], restored: 'restored' },
    ...{ cells: [FREE, 'good', FREE, FREE], verdict: 'unmet' },
  },
  'locked out': {
    ...{ urgency: 'medium', told: ['-', 'locked-out', '-', '-'], restored: 'never-restored' },
    ...{ cells: [FREE, 'unmeasured', FREE, FREE], verdict: 'unmet' },
  },
} as const satisfies Record<string, DatasetKind>
export type DatasetKindName = keyof typeof DATASET_KINDS

export type CityAgency = {
  shortName: string
  datasets: readonly { name: string; kind: DatasetKindName }[]
  /** A service that holds data and names no data set. */
  bareService: string | null
  /** The answer: the worst of its data sets, nobody knows without any. */
  verdict: Verdict
}

// Agency: verdict: data set = kind, ...
const LINES = `
Dinkes: unmet: Rekam Medis = late at the DRC, Apotek = plain, Posyandu = silent
Disdik: at-risk: PPDB = never tried, Dapodik = plain
Dukcapil: met: Kependudukan = safe, Arsip Akta = old enough
Diskominfo: met: Portal Kota = plain, Surat Elektronik = safe, Repositori = everywhere
Bapenda: unmet: Pajak Daerah = not at the DRC, PBB = plain
BPKAD: unmet: Keuangan Daerah = cut, Aset = plain
Bappeda: met: Perencanaan = plain
BKPSDM: unmet: Kepegawaian = locked out
DPMPTSP: met: Perizinan = safe, Izin Lama = old enough
Dinsos: unmet: Bansos = at home only, DTKS = silent
DPUPR: unmeasured: Jalan = forgotten
Dishub: unmeasured: ATCS = silent, Parkir = plain
Disperkim: unmet: Rusunawa = old
DLH: met: Persampahan = plain
Disnaker: unmeasured: Kartu Kuning = forgotten, Pelatihan = plain
Disdag: met: Pasar = plain
Dispertan: unmet: Pupuk = old
Dispora: unmeasured:
Disbudpar: met: Wisata = everywhere
Dispersip: met: Perpustakaan = plain, Kearsipan = safe
DP3AP2KB: at-risk: Kekerasan = never tried
Satpol PP: unmeasured: Pelanggaran = silent
Damkar: unmeasured:
BPBD: unmet: Kebencanaan = not at the DRC
Kesbangpol: unmeasured:
Inspektorat: met: Pengawasan = plain
Setda: met: Produk Hukum = plain, Pengadaan = safe
Setwan: unmeasured: Persidangan = forgotten
RSUD: unmet: SIMRS = late at the DRC, PACS = old, Antrean = plain
Kec. Laweyan: met: Layanan Laweyan = plain
Kec. Serengan: unmet: Layanan Serengan = at home only
Kec. Pasar Kliwon: met: Layanan Pasar Kliwon = plain
Kec. Jebres: unmeasured: Layanan Jebres = silent
Kec. Banjarsari: unmet: Layanan Banjarsari = cut
Puskesmas Gajahan: met: Pasien Gajahan = plain
Puskesmas Sangkrah: met: Pasien Sangkrah = plain
Puskesmas Purwosari: unmet: Pasien Purwosari = old
Puskesmas Stabelan: unmeasured: Pasien Stabelan = forgotten
Puskesmas Pajang: met: Pasien Pajang = old enough
Puskesmas Penumping: unmet: Pasien Penumping = locked out
PDAM: met: Pelanggan = safe, Meter = plain
Perumda Pasar: unmeasured:
UPT Terminal: met: Tiket = plain
UPT Metrologi: met: Tera = old enough
UPT Laboratorium: unmet: Uji Lingkungan = at home only
Bagian Hukum: met: JDIH = everywhere
Bagian Umum: unmeasured: Kendaraan = silent
Bagian Organisasi: unmeasured:
`

/** They hold data of people, and nobody named a data set for them. */
const BARE_SERVICES: Record<string, string> = { Dispora: 'Sewa Lapangan', DLH: 'Aduan Sampah', Setda: 'Undangan' }

export const CITY: readonly CityAgency[] = LINES.trim()
  .split('\n')
  .map(line => {
    const [shortName = '', verdict = '', list = ''] = line.split(':').map(part => part.trim())
    const datasets = list.split(',').flatMap(text => {
      const [name = '', kind = ''] = text.split('=').map(part => part.trim())
      return name === '' ? [] : [{ name, kind: kindNamed(kind) }]
    })
    return { shortName, datasets, bareService: BARE_SERVICES[shortName] ?? null, verdict: verdictNamed(verdict) }
  })

/** The answers: counted by hand over the lines above. */
export const CITY_TOTALS = {
  ...{ agencies: 48, agenciesWithoutDataset: 5, datasets: 60, datasetsWithoutJob: 4 },
  ...{ services: 3, servicesWithoutDataset: 3, met: 33, atRisk: 2, unmet: 15, unmeasured: 10 },
}

function kindNamed(text: string): DatasetKindName {
  const kinds = Object.keys(DATASET_KINDS) as DatasetKindName[]
  const found = kinds.find(kind => kind === text)
  if (found === undefined) throw new Error(`there is no kind of data set "${text}"`)
  return found
}

function verdictNamed(text: string): Verdict {
  const found = (['met', 'at-risk', 'unmet', 'unmeasured'] as const).find(verdict => verdict === text)
  if (found === undefined) throw new Error(`there is no verdict "${text}"`)
  return found
}
