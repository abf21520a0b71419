// The recovery centre answers, the heartbeats of its servers come, and what is copied there is not too far behind. What is
// known to be wrong decides, whatever else is unknown; without that, one unknown is enough to keep it from being met.

import type { Bilingual } from '../../../protocol/vocabulary.ts'
import { type KeptThere, type RecoveryCentre, reachOf, worstOf } from '../../backups/recovery-centre.ts'
import { decimalComma } from '../../platform/decimal-comma.ts'
import { dayNumber } from '../civil-date.ts'
import { textOf } from '../duties/register-index.ts'
import {
  cautioned,
  type DutyInput,
  type DutyMeasure,
  measured,
  NONE_MISSING,
  NOT_WATCHED,
  numberOf,
  unmeasured,
} from './duty-measure.ts'

const HOUR_MS = 3_600_000

type Findings = { wrong: Bilingual[]; unknown: Bilingual[] }

export const drcStatus: DutyMeasure = input => {
  const centre = input.snapshot.ports.drc(input.subject.id)
  if (centre === null) return unmeasured(NOT_WATCHED)
  const urgentHours = numberOf(input, 'maxReplicationLagHours') ?? 24
  const limits = { urgentHours, otherHours: numberOf(input, 'backupBreachAgeHours') ?? urgentHours }
  const { wrong, unknown } = findingsOf(centre, limits)
  const drill = drillOf(input)
  const value = wrong.length > 0 ? wrong.length : unknown.length > 0 ? null : 0
  const worst = worstOf(centre.keptThere)
  return measured(
    value,
    'count',
    drill === null || wrong.length > 0 ? NONE_MISSING : cautioned(NONE_MISSING, 0),
    () => sentence({ wrong, unknown, drill, worst }),
    {
      ...{ wrong: wrong.map(({ en }) => en), unknown: unknown.map(({ en }) => en), drill: drill?.en ?? null },
      ...{ lagMs: worst?.lagMs ?? null, worst: worst?.name ?? null, ...limits },
      standsThere: centre.standsThere.length,
    },
  )
}

function findingsOf(centre: RecoveryCentre, limits: { urgentHours: number; otherHours: number }): Findings {
  const found: Findings = { wrong: [], unknown: [] }
  const reach = reachOf(centre)
  if (reach === 'silent') found.wrong.push({ id: 'DRC tidak menjawab', en: 'the DRC does not answer' })
  if (reach === 'unwatched') {
    found.unknown.push({ id: 'belum ada yang diawasi di DRC', en: 'nothing at the DRC is watched' })
  }
  if (reach === 'unknown') {
    found.unknown.push({ id: 'belum diketahui apakah DRC menjawab', en: 'whether the DRC answers is not known' })
  }
  addServers(found, centre)
  for (const kept of centre.keptThere)
    addLag(found, kept, kept.urgency === null || kept.urgency === 'high' ? limits.urgentHours : limits.otherHours)
  if (centre.keptThere.length === 0) {
    found.unknown.push({
      id: 'tidak ada data yang harus disalin ke DRC',
      en: 'no data set is to be copied to the DRC',
    })
  }
  return found
}

function addServers(found: Findings, { standsThere }: RecoveryCentre) {
  const servers = standsThere.filter(({ heartbeat }) => heartbeat !== null)
  const named = (heartbeat: string) => servers.filter(one => one.heartbeat === heartbeat).map(({ name }) => name)
  if (servers.length === 0) {
    found.unknown.push({ id: 'belum ada server tercatat di DRC', en: 'no server stands at the DRC' })
  }
  for (const name of named('silent')) {
    found.wrong.push({ id: `${name} tidak mengirim detak`, en: `${name} sends no heartbeat` })
  }
  for (const name of [...named('unknown'), ...named('unwatched')]) {
    found.unknown.push({ id: `detak ${name} belum terukur`, en: `heartbeat of ${name} is not measured` })
  }
}

function addLag(found: Findings, { name, found: seen, lagMs }: KeptThere, limitHours: number) {
  if (seen === 'never') found.wrong.push({ id: `${name} tidak ada salinannya`, en: `${name} has no copy there` })
  if (seen === 'unknown') {
    found.unknown.push({ id: `salinan ${name} belum terukur`, en: `copies of ${name} are not measured` })
  }
  const hours = (lagMs ?? 0) / HOUR_MS
  if (hours > limitHours) {
    found.wrong.push({
      id: `${name} tertinggal ${decimalComma(hours, 1)} jam, batas ${limitHours} jam`,
      en: `${name} is ${hours.toFixed(1)} h behind, limit ${limitHours} h`,
    })
  }
}

/** What is missing of the drills; null where one was held within the time that Diskominfo set. */
function drillOf(input: DutyInput): Bilingual | null {
  const { snapshot, subject } = input
  const every = numberOf(input, 'restoreTestEveryDays')
  if (every === null) return null
  const held = [subject.id, null]
    .flatMap(about => snapshot.registers.about('drill', about))
    .flatMap(record => {
      const day = textOf(record, 'heldOn')
      return day !== null && day <= snapshot.today
        ? [{ day, isFailed: textOf(record, 'outcome') === 'failed', files: record.files }]
        : []
    })
    .sort((left, right) => (left.day < right.day ? 1 : -1))[0]
  if (held === undefined) return { id: 'uji pemulihan belum tercatat', en: 'no drill is on record' }
  if (dayNumber(held.day) + every < dayNumber(snapshot.today)) {
    return { id: `uji terakhir ${held.day}`, en: `the last drill was on ${held.day}` }
  }
  if (held.isFailed) return { id: `uji ${held.day} gagal`, en: `the drill of ${held.day} failed` }
  return held.files === 0
    ? { id: `bukti uji ${held.day} belum dilampirkan`, en: `the drill of ${held.day} lacks its evidence` }
    : null
}

function sentence(found: Findings & { drill: Bilingual | null; worst: KeptThere | null }): Bilingual {
  const { wrong, unknown, drill, worst } = found
  const shown = wrong.length > 0 ? wrong : unknown
  const hours = worst?.lagMs === null || worst === null ? null : worst.lagMs / HOUR_MS
  const inOne = (language: 'id' | 'en', good: string) => {
    const parts = [...(shown.length === 0 ? [good] : shown.slice(0, 5).map(one => one[language]))]
    if (shown.length > 5) parts.push(`+${shown.length - 5}`)
    if (drill !== null) parts.push(drill[language])
    const text = parts.join('; ')
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  }
  return {
    id: inOne('id', `DRC menjawab, paling tertinggal ${hours === null ? '–' : decimalComma(hours, 1)} jam`),
    en: inOne('en', `the DRC answers, at most ${hours === null ? '–' : hours.toFixed(1)} h behind`),
  }
}
