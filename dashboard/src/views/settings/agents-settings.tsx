import { useRef, useState } from 'preact/hooks'
import type { AgentView } from '../../../../protocol/agent-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatDuration } from '../../format/age.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'
import { AllowUpgrade, UpgradeState } from './allow-upgrade.tsx'
import { EnrolmentTokens } from './enrolment-tokens.tsx'
import { RoutersSettings } from './routers-settings.tsx'

export function AgentsSettings() {
  return (
    <>
      {may('agents:write') && <EnrolmentTokens />}
      {may('agents:write') && <RoutersSettings />}
      <Agents />
    </>
  )
}

const PAGE = 200
/** So many are found by eye. */
const FEW = 10

function Agents() {
  const [search, setSearch] = useState('')
  const [older, setOlder] = useState<readonly AgentView[]>([])
  const criteria = { limit: PAGE, ...(search.trim() === '' ? {} : { search: search.trim() }) }
  const agents = useResource(`agents/${search.trim()}`, signal => call('agents', { query: criteria, signal }))
  const more = useAction(async () => {
    const before = rows.at(-1)?.id
    if (before !== undefined) setOlder([...older, ...(await call('agents', { query: { ...criteria, before } })).agents])
  })
  const find = (text: string) => {
    setSearch(text)
    setOlder([])
  }
  const rows = [...(agents.data?.agents ?? []), ...older]
  const total = agents.data?.total ?? 0
  const all = useRef(0)
  if (agents.data !== null && search === '') all.current = total
  const words = language.value
  // What changed may stand on any page: all are read anew.
  const reload = () => {
    setOlder([])
    agents.reload()
  }
  const revoke = useConfirmed(
    async (agent: AgentView) => {
      await call('revokeAgent', { params: { id: agent.id }, body: {} })
      toast(t('agents.revoked', { name: agent.hostname }))
      reload()
    },
    ({ hostname }) => ({
      title: t('agents.revoke.title', { name: hostname }),
      text: t('agents.revoke.text'),
      action: t('agents.revoke'),
    }),
  )
  const lift = useAction(async (agent: AgentView) => {
    await call('liftQuarantine', { params: { id: agent.id }, body: {} })
    toast(t('agents.lifted', { name: agent.hostname }))
    reload()
  })
  return (
    <Panel
      title={t('agents.title')}
      aside={all.current > FEW && <span class="faint">{t('agents.count', { n: formatNumber(total, words, 0) })}</span>}
    >
      {all.current > FEW && <FilterField label={t('agents.find')} text={search} onText={find} />}
      <LoadedTable
        label={t('agents.title')}
        from={agents}
        rowsOf={() => rows}
        empty={t(search === '' ? 'agents.empty' : 'agents.none-found')}
        rowKey={agent => agent.id}
        columns={[
          {
            label: t('agents.host'),
            kind: 'head',
            cell: agent => (
              <span>
                <Link to={pathOf({ screen: 'server', id: agent.deviceId })}>{agent.hostname}</Link>
                {agent.kind === 'noc' && <span class="source">{t('agents.noc')}</span>}
                {agent.kind === 'writer' && <span class="source">{t('agents.writer')}</span>}
                {agent.quarantined !== null && (
                  <strong class="tone-down" title={agent.quarantined}>
                    {` ${t('agents.quarantined')}: ${agent.quarantined}`}
                  </strong>
                )}
                {agent.kind === 'push' && <span class="source">{t('router.badge')}</span>}
              </span>
            ),
          },
          { label: t('agent.version'), cell: agent => agent.version },
          { label: t('agent.contact'), cell: agent => <Age at={agent.lastContactAt} /> },
          { label: t('agent.enrolled'), cell: agent => <Time at={agent.enrolledAt} style="date" /> },
          {
            label: t('agent.skew'),
            kind: 'number',
            cell: agent => (agent.skewMs === null ? '–' : skew(agent.skewMs)),
          },
          {
            label: '',
            cell: agent =>
              agent.revokedAt !== null ? (
                <div class="table-actions tone-down">
                  {t('agent.revoked')} <Time at={agent.revokedAt} style="date" />
                </div>
              ) : (
                may('agents:write') && (
                  <div class="table-actions">
                    <UpgradeState agent={agent} onDone={reload} />
                    {agent.quarantined !== null && (
                      <Button size="small" busy={lift.busy} onClick={() => void lift.run(agent)}>
                        {t('agents.lift')}
                      </Button>
                    )}
                    <Button size="small" onClick={() => revoke.ask(agent)}>
                      {t('agents.revoke')}
                    </Button>
                  </div>
                )
              ),
          },
        ]}
      />
      <ErrorNotice error={more.error} />
      {rows.length < total && rows.length > 0 && (
        <div class="form-actions">
          <Button busy={more.busy} onClick={() => void more.run()}>
            {t('common.older')}
          </Button>
        </div>
      )}
      {rows.some(agent => agent.upgrade === 'available' || agent.upgrade === 'failed') && (
        <div class="form-actions">
          <AllowUpgrade onDone={reload} />
        </div>
      )}
      {revoke.dialog}
    </Panel>
  )
}

function skew(skewMs: number): string {
  return `${skewMs < 0 ? '−' : ''}${formatDuration(Math.abs(skewMs), language.value)}`
}
