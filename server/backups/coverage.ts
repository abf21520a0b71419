// Agencies, data sets and places, with what is missing. Pure.
import type { CoverageAgency, CoverageGapView, CoverageRow, CoverageView } from '../../protocol/backup-views.ts'
import type { CopyPlace, CoverageGap } from '../../protocol/backup-words.ts'
import type { Bilingual } from '../../protocol/vocabulary.ts'
import type { NamedAgency } from './agencies.ts'
import { type DatasetStatus, worstOf } from './dataset-status.ts'
import { PLACE_WORDS } from './finding-words.ts'
import type { KnownDataset } from './known.ts'
import type { KnownService } from './read-datasets.ts'

export type CoverageQuestion = {
  at: number
  agencies: readonly NamedAgency[]
  statuses: readonly DatasetStatus[]
  services: readonly KnownService[]
}

export function coverageOf({ at, agencies, statuses, services }: CoverageQuestion): CoverageView {
  const datasets = statuses.map(({ dataset }) => dataset)
  const of = (agencyId: string | null) => ({
    statuses: statuses.filter(({ dataset }) => ownerOf(dataset, agencies) === agencyId),
    services: services.filter(service => ownerOf(service, agencies) === agencyId),
    datasets,
  })
  const rows = agencies.map(agency => agencyOf(agency, of(agency.id)))
  const unowned = agencyOf(null, of(null))
  const all = unowned.rows.length + unowned.gaps.length === 0 ? rows : [...rows, unowned]
  const gaps = (gap: CoverageGap) => all.flatMap(one => one.gaps).filter(one => one.gap === gap).length
  const count = (verdict: CoverageRow['verdict']) =>
    all.flatMap(({ rows }) => rows).filter(row => row.verdict === verdict).length
  return {
    at,
    agencies: all,
    totals: {
      ...{ agencies: agencies.length, agenciesWithoutDataset: gaps('no-data-set') },
      ...{ datasets: datasets.length, datasetsWithoutJob: gaps('data-set-without-job') },
      ...{ services: services.length, servicesWithoutDataset: gaps('service-without-data-set') },
      ...{ met: count('met'), atRisk: count('at-risk'), unmet: count('unmet'), unmeasured: count('unmeasured') },
    },
  }
}

/** What belongs to an agency that is not there any more belongs to none. */
function ownerOf({ agencyId }: { agencyId: string | null }, agencies: readonly NamedAgency[]): string | null {
  return agencies.some(({ id }) => id === agencyId) ? agencyId : null
}

type Own = { statuses: readonly DatasetStatus[]; services: readonly KnownService[]; datasets: readonly KnownDataset[] }

function agencyOf(agency: NamedAgency | null, { statuses, services, datasets }: Own): CoverageAgency {
  const none = agency !== null && statuses.length === 0
  return {
    agency,
    verdict: worstOf(statuses.map(({ status }) => status.verdict)),
    rows: statuses.map(rowOf),
    gaps: [
      ...(none ? [gapOf('no-data-set', null)] : []),
      ...statuses.flatMap(datasetGaps),
      ...services.flatMap(service => serviceGaps(service, datasets)),
    ],
  }
}

function rowOf({ dataset, status, jobs }: DatasetStatus): CoverageRow {
  return {
    dataset: { id: dataset.id, name: dataset.name },
    ...{ urgency: dataset.urgency, verdict: status.verdict },
    findings: [...new Set(status.findings.map(({ code }) => code))],
    lastGoodAt: status.lastGood?.takenAt ?? null,
    lastRestoredAt: status.lastRestored?.at ?? null,
    cells: status.places.map(({ place, required, state, lastGoodAt }) => ({
      ...{ place, required, state, lastGoodAt },
      jobs: jobs.filter(({ job }) => job.place === place).length,
    })),
  }
}

/** Without any job that is what is missing; else each place, else what is wrong with it. */
function datasetGaps({ dataset, status, jobs }: DatasetStatus): CoverageGapView[] {
  const about = { id: dataset.id, name: dataset.name }
  if (jobs.length === 0) return [gapOf('data-set-without-job', about)]
  const places = status.findings.flatMap(({ code, place }) =>
    code === 'place-missing' && place !== null ? [gapOf('place-missing', about, place)] : [],
  )
  if (places.length > 0) return places
  if (status.verdict === 'unmet') return [gapOf('data-set-unmet', about, null, status.findings[0]?.words)]
  return status.verdict === 'unmeasured' ? [gapOf('data-set-unmeasured', about)] : []
}

function serviceGaps(service: KnownService, datasets: readonly KnownDataset[]): CoverageGapView[] {
  const about = { id: service.id, name: service.name }
  const { known, unknown } = servicesOf(service, datasets)
  const without = service.holdsData && known.length === 0 && unknown.length === 0
  return [
    ...(without ? [gapOf('service-without-data-set', about)] : []),
    ...unknown.map(name => gapOf('service-names-unknown', about, null, { id: name, en: name })),
  ]
}

/** The data sets that a service names, by id or title; of several with one title that of its own agency. */
export function servicesOf(
  service: KnownService,
  datasets: readonly KnownDataset[],
): { known: KnownDataset[]; unknown: string[] } {
  const known: KnownDataset[] = []
  const unknown: string[] = []
  for (const text of service.needs) {
    const wanted = text.trim().toLowerCase()
    const named = datasets.filter(({ id, name }) => id === wanted || name.trim().toLowerCase() === wanted)
    const found = named.find(({ agencyId }) => agencyId === service.agencyId) ?? named[0]
    if (found === undefined) unknown.push(text)
    else known.push(found)
  }
  return { known, unknown }
}

function gapOf(
  gap: CoverageGap,
  about: CoverageGapView['about'],
  place: CopyPlace | null = null,
  more?: Bilingual,
): CoverageGapView {
  return { gap, about, place, words: wordsOfGap(gap, about?.name ?? '', place, more ?? { id: '', en: '' }) }
}

function wordsOfGap(gap: CoverageGap, name: string, place: CopyPlace | null, more: Bilingual): Bilingual {
  const where = place === null ? { id: '', en: '' } : PLACE_WORDS[place]
  switch (gap) {
    case 'no-data-set':
      return { id: 'Belum ada data yang didaftarkan.', en: 'No data set is registered.' }
    case 'data-set-without-job':
      return {
        id: `Data "${name}" belum punya pekerjaan pencadangan.`,
        en: `The data set "${name}" has no backup job.`,
      }
    case 'place-missing':
      return {
        id: `Data "${name}" tidak punya salinan baik dan baru di ${where.id}.`,
        en: `The data set "${name}" has no good and recent copy at ${where.en}.`,
      }
    case 'service-without-data-set':
      return {
        id: `Layanan "${name}" tidak menyebut data mana yang dipakainya.`,
        en: `The service "${name}" does not say which data sets it needs.`,
      }
    case 'service-names-unknown':
      return {
        id: `Layanan "${name}" menyebut data "${more.id}" yang tidak terdaftar.`,
        en: `The service "${name}" names the data set "${more.en}", which is not registered.`,
      }
    case 'data-set-unmet':
      return { id: `Data "${name}": ${more.id}`, en: `The data set "${name}": ${more.en}` }
    case 'data-set-unmeasured':
      return {
        id: `Data "${name}": belum ada salinan baik yang terlihat.`,
        en: `The data set "${name}": no good copy has been seen yet.`,
      }
  }
}
