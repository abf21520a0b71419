// What of the coverage is shown: the agencies and data sets that a filter and a word leave. Pure.
import type { CoverageAgency, CoverageRow, CoverageView } from '../../../../protocol/backup-views.ts'
import type { CoverageGap } from '../../../../protocol/backup-words.ts'
import type { Verdict } from '../../../../protocol/vocabulary.ts'

export const COVERAGE_FILTERS = [
  ...['all', 'unmet', 'at-risk', 'unmeasured', 'met'],
  ...['data-set-without-job', 'no-data-set', 'service-without-data-set'],
] as const
export type CoverageFilter = (typeof COVERAGE_FILTERS)[number]

const VERDICT_FILTERS: readonly Verdict[] = ['met', 'at-risk', 'unmet', 'unmeasured']
const GAP_FILTERS: readonly CoverageGap[] = ['data-set-without-job', 'no-data-set', 'service-without-data-set']

/** Agencies in the order that they came in; one of which nothing is left falls out. */
export function arrangeCoverage(
  agencies: readonly CoverageAgency[],
  filter: CoverageFilter,
  text: string,
): CoverageAgency[] {
  const word = text.trim().toLowerCase()
  return agencies.flatMap(one => {
    const filtered = byFilter(one, filter)
    const found = filtered === null || word === '' ? filtered : byWord(filtered, word)
    return found === null ? [] : [found]
  })
}

function byFilter(one: CoverageAgency, filter: CoverageFilter): CoverageAgency | null {
  const verdict = VERDICT_FILTERS.find(word => word === filter)
  if (verdict !== undefined) return withRows(one, row => row.verdict === verdict)
  const gap = GAP_FILTERS.find(word => word === filter)
  if (gap === undefined) return one
  const about = one.gaps.filter(found => found.gap === gap)
  if (about.length === 0) return null
  const rows = one.rows.filter(row => about.some(found => found.about?.id === row.dataset.id))
  return { ...one, rows, gaps: about }
}

function byWord(one: CoverageAgency, word: string): CoverageAgency | null {
  const has = (name: string) => name.toLowerCase().includes(word)
  if (one.agency !== null && (has(one.agency.name) || has(one.agency.shortName))) return one
  return withRows(one, row => has(row.dataset.name))
}

function withRows(one: CoverageAgency, keep: (row: CoverageRow) => boolean): CoverageAgency | null {
  const rows = one.rows.filter(keep)
  return rows.length === 0 ? null : { ...one, rows, gaps: [] }
}

/** How many a filter would leave: data sets, agencies or services, as its name says. */
export function countOf(totals: CoverageView['totals'], filter: CoverageFilter): number {
  switch (filter) {
    case 'all':
      return totals.datasets
    case 'met':
      return totals.met
    case 'at-risk':
      return totals.atRisk
    case 'unmet':
      return totals.unmet
    case 'unmeasured':
      return totals.unmeasured
    case 'data-set-without-job':
      return totals.datasetsWithoutJob
    case 'no-data-set':
      return totals.agenciesWithoutDataset
    case 'service-without-data-set':
      return totals.servicesWithoutDataset
  }
}
