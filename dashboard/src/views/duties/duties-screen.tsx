import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { RegulationView } from '../../../../protocol/duty-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { FILTER_ATTRIBUTE } from '../../app/keyboard.ts'
import { Link } from '../../app/link.tsx'
import { navigate, query } from '../../app/navigation.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatCitation } from '../../format/citation.ts'
import { pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Switch } from '../../ui/switch.tsx'
import { AgencyStandings } from './agency-standings.tsx'
import { chooseDuties, GROUPS, type Group, groupDuties, SHOWN, type Shown } from './arrange-duties.ts'
import { ConditionsPanel } from './conditions-panel.tsx'
import { DutiesHead } from './duties-nav.tsx'
import { DutyList } from './duty-list.tsx'
import { nameOf, RegulationsPanel } from './regulations-panel.tsx'
import { StandingStrip } from './standing-strip.tsx'
import './duties.css'

/** All duties in force, by pasal, theme, who owes them or agency; the address keeps the choice. */
export function DutiesScreen() {
  const by: Group = GROUPS.find(one => one === query.value.get('by')) ?? 'pasal'
  const shown: Shown = SHOWN.find(one => one === query.value.get('show')) ?? 'all'
  const agency = query.value.get('agency') ?? undefined
  const [text, setText] = useState('')
  const regulations = useRefreshed('regulations', signal => call('regulations', { signal }), dutiesChange)
  const duties = useRefreshed(`duties/${agency}`, signal => call('duties', { query: { agency }, signal }), dutiesChange)
  const sums = useRefreshed(
    `sums/${agency}`,
    signal => call('dutyRollup', { query: { by: 'regulation', agency }, signal }),
    dutiesChange,
  )
  useTitle(t('duties.title'))

  const known = regulations.data?.regulations ?? []
  const binding = known.filter(regulation => regulation.enabled !== null)
  const go = (next: { by?: Group; show?: Shown; agency?: string | null }) =>
    navigate(addressOf({ by, show: shown, agency: agency ?? null, ...next }), 'replace')
  const chosen = chooseDuties(duties.data?.duties ?? [], { shown, text })
  const changed = (next: RegulationView[]) => {
    regulations.set({ regulations: next })
    duties.reload()
    sums.reload()
  }
  return (
    <div class="page">
      <DutiesHead title={t('duties.title')} />
      <ErrorNotice error={regulations.error ?? duties.error ?? sums.error} onRetry={duties.reload} />
      {regulations.data === null && regulations.loading && <Skeleton rows={6} />}
      {regulations.data !== null && binding.length === 0 && (
        <EmptyState title={t('duties.none-bind')}>
          <p>{t('duties.none-bind.text')}</p>
        </EmptyState>
      )}
      {agency !== undefined && <AgencyNotice agency={agency} linkTo={addressOf({ by, show: shown, agency: null })} />}
      {binding.map(regulation => (
        <RegulationHead key={regulation.id} regulation={regulation}>
          {sums.data?.rows
            .filter(row => row.key === regulation.id)
            .map(row => (
              <StandingStrip key={row.key} row={row} />
            ))}
        </RegulationHead>
      ))}
      {binding.length > 0 && (
        <div class="duty-controls">
          <Switch
            label={t('duties.group')}
            choices={GROUPS}
            chosen={by}
            onChoose={next => go({ by: next })}
            show={one => t(`duties.group.${one}`)}
          />
          {by !== 'agency' && (
            <>
              <Switch
                label={t('duties.show')}
                choices={SHOWN}
                chosen={shown}
                onChoose={next => go({ show: next })}
                show={one => t(`duties.show.${one}`)}
              />
              <input
                {...{ [FILTER_ATTRIBUTE]: '' }}
                class="input duty-filter"
                type="search"
                aria-label={t('duties.filter')}
                placeholder={t('duties.filter')}
                value={text}
                onInput={event => setText(event.currentTarget.value)}
              />
            </>
          )}
        </div>
      )}
      {by === 'agency' && binding.length > 0 && (
        <ByAgency linkTo={key => addressOf({ by: 'pasal', show: shown, agency: key })} />
      )}
      {by !== 'agency' && duties.data !== null && binding.length > 0 && chosen.length === 0 && (
        <EmptyState title={t('duties.no-match')} />
      )}
      {by !== 'agency' && chosen.length > 0 && <DutyList groups={groupDuties(chosen, by)} by={by} />}
      {binding.length > 0 && <ConditionsPanel />}
      {known.length > 0 && <RegulationsPanel regulations={known} onChanged={changed} />}
    </div>
  )
}

function addressOf({ by, show, agency }: { by: Group; show: Shown; agency: string | null }): string {
  const search = new URLSearchParams({ by, show, ...(agency === null ? {} : { agency }) })
  return `/duties?${search}`
}

function ByAgency({ linkTo }: { linkTo: (agency: string) => string }) {
  const rows = useRefreshed(
    'by-agency',
    signal => call('dutyRollup', { query: { by: 'agency' }, signal }),
    dutiesChange,
  )
  return (
    <>
      <ErrorNotice error={rows.error} onRetry={rows.reload} />
      {rows.data === null && rows.loading && <Skeleton rows={6} />}
      {rows.data !== null && <AgencyStandings rows={rows.data.rows} linkTo={linkTo} />}
    </>
  )
}

function AgencyNotice({ agency, linkTo }: { agency: string; linkTo: string }) {
  const rows = useRefreshed(
    'by-agency',
    signal => call('dutyRollup', { query: { by: 'agency' }, signal }),
    dutiesChange,
  )
  const name = rows.data?.rows.find(row => row.key === agency)?.name ?? agency
  return (
    <p class="notice">
      {t('duties.of-agency', { name })}
      <Link to={linkTo}>{t('duties.of-all')}</Link>
    </p>
  )
}

/** Name of the regulation, how it stands, and what of the law is missing from its file. */
function RegulationHead({ regulation, children }: { regulation: RegulationView; children: ComponentChildren }) {
  return (
    <section class="regulation">
      <h2>{nameOf(regulation)}</h2>
      {regulation.incomplete.map(gap => (
        <p key={formatCitation(gap.citation)} class="notice notice-gap">
          <span>
            <strong>{t('duties.incomplete')}</strong> ({formatCitation(gap.citation)}). {pick(gap.title)}
          </span>
        </p>
      ))}
      {children}
    </section>
  )
}
