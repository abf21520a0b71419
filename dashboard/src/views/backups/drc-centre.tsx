import type { ComponentChildren } from 'preact'
import type { DrcCentreView } from '../../../../protocol/drc.ts'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatDuration } from '../../format/age.ts'
import { formatCitation, formatDay } from '../../format/citation.ts'
import { formatNumber } from '../../format/number.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StateLabel, StateMark, VerdictLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'

const REACH_STATE: Record<DrcCentreView['reach'], SubjectState> = {
  answers: 'up',
  silent: 'down',
  unknown: 'unknown',
  unwatched: 'unknown',
}

/** One recovery centre on a page of its own size: three figures for the wall, what they rest on beneath. */
export function DrcCentre({ centre }: { centre: DrcCentreView }) {
  return (
    <section class="drc" aria-label={centre.name}>
      <h2 class="drc-name">
        {centre.name}
        <span class="source">{centre.address}</span>
      </h2>
      <Figures centre={centre} />
      <div class="drc-parts">
        <Duties duties={centre.duties} />
        <KeptThere kept={centre.keptThere} />
        <StandsThere things={centre.standsThere} />
        <Drills drills={centre.drills} />
        <Plans plans={centre.plans} />
      </div>
    </section>
  )
}

function Figures({ centre }: { centre: DrcCentreView }) {
  const words = language.value
  const { distanceKm, country, reach } = centre
  const figure = (label: string, tone: SubjectState, value: string, below: string) => (
    <li class={`drc-figure tone-${tone}`}>
      <span class="drc-label">{label}</span>
      <strong>
        <StateMark state={tone} /> {value}
      </strong>
      <span class="source">{below}</span>
    </li>
  )
  const [worst] = centre.keptThere
  const [drill] = centre.drills
  const drillTone = drill === undefined ? 'unknown' : drill.outcome === 'succeeded' ? 'up' : 'degraded'
  return (
    <ul class="drc-figures">
      {figure(
        t('drc.distance'),
        country === 'abroad' ? 'down' : distanceKm === null ? 'unknown' : 'up',
        distanceKm === null ? t('value.none') : `${formatNumber(distanceKm, words, distanceKm < 10 ? 1 : 0)} km`,
        t(`drc.country.${country}`),
      )}
      {figure(t('drc.reach'), REACH_STATE[reach], t(`drc.reach.${reach}`), t(`drc.reach.${reach}.text`))}
      {figure(t('drc.lag'), lagTone(worst), lagText(worst), lagBelow(centre.keptThere))}
      {figure(
        t('drc.drill'),
        drillTone,
        drill === undefined ? t('common.never') : formatDay(drill.heldOn, words),
        drill === undefined ? t('drc.drills.empty') : `${t(`drc.outcome.${drill.outcome}`)} · ${drill.scenario}`,
      )}
    </ul>
  )
}

type Kept = DrcCentreView['keptThere'][number]

const FOUND_TONE = { copy: 'up', late: 'degraded', never: 'down', unknown: 'unknown' } as const

function lagTone(kept: Kept | undefined): SubjectState {
  return kept === undefined ? 'unknown' : FOUND_TONE[kept.found]
}

/** Which one it is, and how many more nobody knows of. */
function lagBelow(kept: readonly Kept[]): string {
  const [worst] = kept
  if (worst === undefined) return t('drc.kept.empty')
  const unmeasured = kept.filter(({ found }) => found === 'unknown').length
  return [worst.name, ...(unmeasured === 0 ? [] : [t('drc.kept.unmeasured', { n: unmeasured })])].join(' · ')
}

function lagText(kept: Kept | undefined): string {
  if (kept === undefined) return t('value.none')
  if (kept.found === 'never') return t('drc.kept.never')
  return kept.lagMs === null ? t('value.none') : formatDuration(roundedToMinutes(kept.lagMs), language.value)
}

function roundedToMinutes(ms: number): number {
  return ms < 60_000 ? ms : Math.round(ms / 60_000) * 60_000
}

function Duties({ duties }: { duties: DrcCentreView['duties'] }) {
  return (
    <Panel title={t('drc.duties')}>
      {duties.length === 0 ? (
        <EmptyState title={t('drc.duties.empty')}>
          <Link to="/duties">{t('nav.duties')}</Link>
        </EmptyState>
      ) : (
        <ul class="drc-duties">
          {duties.map(({ ruleId, citation, title, verdict, why }) => (
            <li key={ruleId}>
              <VerdictLabel verdict={verdict} />
              <Link to={pathOf({ screen: 'duty', id: ruleId })}>{pick(title)}</Link>
              <span class="source">
                {formatCitation(citation)} · {pick(why)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function KeptThere({ kept }: { kept: DrcCentreView['keptThere'] }) {
  return (
    <Panel title={`${t('drc.kept')} (${kept.length})`}>
      {kept.length === 0 ? (
        <EmptyState title={t('drc.kept.empty')}>
          <p>{t('drc.kept.empty.text')}</p>
          <Link to={pathOf({ screen: 'backups', section: 'classes' })}>{t('backups.classes')}</Link>
        </EmptyState>
      ) : (
        <Table
          label={t('drc.kept')}
          rows={kept}
          rowKey={({ what, id, name }) => `${what}${id}${name}`}
          columns={[
            {
              label: t('links.name'),
              kind: 'head',
              cell: ({ what, id, name }) =>
                what === 'stream' ? name : <Link to={pathOf({ screen: 'dataset', id })}>{name}</Link>,
            },
            {
              label: t('dataset.urgency.label'),
              cell: ({ urgency }) => (urgency === null ? t('drc.stream') : t(`urgency.${urgency}`)),
            },
            { label: t('drc.lag'), cell: one => <Lag kept={one} /> },
          ]}
        />
      )}
    </Panel>
  )
}

function Lag({ kept }: { kept: Kept }) {
  const state = lagTone(kept)
  return (
    <span class={`state tone-${state}`}>
      <StateMark state={state} />
      {kept.found === 'unknown' ? t('drc.kept.unknown') : lagText(kept)}
      {kept.found === 'late' && <span class="visually-hidden"> {t('drc.kept.late')}</span>}
    </span>
  )
}

function StandsThere({ things }: { things: DrcCentreView['standsThere'] }) {
  return (
    <Panel title={`${t('drc.things')} (${things.length})`}>
      {things.length === 0 ? (
        <EmptyState title={t('drc.things.empty')}>
          <p>{t('drc.things.empty.text')}</p>
        </EmptyState>
      ) : (
        <Table
          label={t('drc.things')}
          rows={things}
          rowKey={({ id }) => id}
          columns={[
            {
              label: t('links.name'),
              kind: 'head',
              cell: ({ id, name, kind }) => (
                <Link to={pathOf({ screen: kind === 'link' ? 'link' : 'server', id })}>{name}</Link>
              ),
            },
            {
              label: t('links.state'),
              cell: ({ state }) =>
                state === null ? <span class="faint">{t('links.unmonitored')}</span> : <StateLabel state={state} />,
            },
            {
              label: t('drc.heartbeat'),
              cell: ({ heartbeat }) => (heartbeat === null ? '–' : t(`drc.heartbeat.${heartbeat}`)),
            },
          ]}
        />
      )}
    </Panel>
  )
}

/** Papers are records of a register: the way to enter one leads there. */
function Papers({
  title,
  kind,
  add,
  empty,
  children,
}: {
  title: string
  kind: 'drill' | 'document'
  add: string
  empty: string | null
  children: ComponentChildren
}) {
  return (
    <Panel
      title={title}
      aside={
        <Link class="button button-small" to={`/registers?kind=${kind}`}>
          {may('registers:write') ? add : t('registers.title')}
        </Link>
      }
    >
      {empty === null ? children : <EmptyState title={empty} />}
    </Panel>
  )
}

function Drills({ drills }: { drills: DrcCentreView['drills'] }) {
  const words = language.value
  return (
    <Papers
      title={`${t('drc.drills')} (${drills.length})`}
      kind="drill"
      add={t('drc.drills.add')}
      empty={drills.length === 0 ? t('drc.drills.empty') : null}
    >
      <Table
        label={t('drc.drills')}
        rows={drills}
        rowKey={({ recordId }) => recordId}
        columns={[
          {
            label: t('drc.held'),
            kind: 'head',
            cell: drill => (
              <Link to={pathOf({ screen: 'register-record', id: drill.recordId })}>
                {formatDay(drill.heldOn, words)}
              </Link>
            ),
          },
          { label: t('drc.scenario'), cell: ({ scenario }) => scenario },
          { label: t('drc.outcome'), cell: ({ outcome }) => t(`drc.outcome.${outcome}`) },
          {
            label: t('drc.recovered'),
            kind: 'number',
            cell: ({ recoveredInMinutes: minutes }) =>
              minutes === null ? '–' : formatDuration(minutes * 60_000, words),
          },
          { label: t('registers.files'), kind: 'number', cell: ({ files }) => formatNumber(files, words, 0) },
        ]}
      />
    </Papers>
  )
}

function Plans({ plans }: { plans: DrcCentreView['plans'] }) {
  const words = language.value
  return (
    <Papers
      title={`${t('drc.plans')} (${plans.length})`}
      kind="document"
      add={t('drc.plans.add')}
      empty={plans.length === 0 ? t('drc.plans.empty') : null}
    >
      <Table
        label={t('drc.plans')}
        rows={plans}
        rowKey={({ recordId }) => recordId}
        columns={[
          {
            label: t('links.name'),
            kind: 'head',
            cell: ({ recordId, title, number }) => (
              <span>
                <Link to={pathOf({ screen: 'register-record', id: recordId })}>{title}</Link>
                {number !== null && <span class="source">{number}</span>}
              </span>
            ),
          },
          {
            label: t('registers.valid'),
            cell: ({ issuedOn, validUntil }) =>
              `${issuedOn === null ? '–' : formatDay(issuedOn, words)} – ${validUntil === null ? t('registers.open-end') : formatDay(validUntil, words)}`,
          },
          { label: t('registers.files'), kind: 'number', cell: ({ files }) => formatNumber(files, words, 0) },
        ]}
      />
    </Papers>
  )
}
