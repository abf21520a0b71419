import type { AgentView } from '../../../../protocol/agent-views.ts'
import { call } from '../../api/call.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { toast } from '../../ui/toast.tsx'

/** The word of an operator that lets one agent (or, without one, all) take the newest bundle. */
export function AllowUpgrade({ agent, onDone }: { agent?: AgentView; onDone: () => void }) {
  const name = agent?.hostname ?? t('upgrade.ask.all')
  const allow = useConfirmed(
    async () => {
      await call('allowUpgrade', { params: { id: agent?.id ?? 'all' }, body: {} })
      toast(agent === undefined ? t('upgrade.allowed-all') : t('upgrade.allowed', { name }))
      onDone()
    },
    () => ({ title: t('upgrade.ask.title', { name }), text: t('upgrade.ask.text'), action: t('upgrade.allow') }),
  )
  if (!may('agents:write')) return null
  return (
    <>
      <Button size="small" onClick={() => allow.ask(null)}>
        {agent === undefined ? t('upgrade.allow-all') : t('upgrade.allow')}
      </Button>
      {allow.dialog}
    </>
  )
}

/** What an agent's table row says about its bundle. */
export function UpgradeState({ agent, onDone }: { agent: AgentView; onDone: () => void }) {
  if (agent.upgrade === 'none') return null
  if (agent.upgrade === 'allowed') return <span class="faint">{t('upgrade.state.allowed')}</span>
  return (
    <>
      {agent.upgrade === 'failed' && <span class="tone-down">{t('upgrade.state.failed')}</span>}
      <AllowUpgrade agent={agent} onDone={onDone} />
    </>
  )
}
