import { useState } from 'preact/hooks'
import type { MaintenanceView } from '../../../../protocol/maintenance.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may, session } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { MaintenanceForm } from './maintenance-form.tsx'
import { useRefreshed } from './use-refreshed.ts'

/** What is planned, what was planned, and what waits for a second person. */
export function MaintenanceList() {
  const list = useRefreshed('maintenance', signal => call('maintenances', { signal }), 15_000)
  const [adding, setAdding] = useState(false)
  const done = () => {
    toast(t('maintenance.done'))
    setAdding(false)
    list.reload()
  }
  const change = useAction(async (act: () => Promise<unknown>) => {
    await act()
    done()
  })
  const rows = list.data?.maintenances ?? []
  const mayChange = may('incidents:write')
  return (
    <Panel
      title={t('network.maintenance')}
      aside={
        mayChange && (
          <Button kind="primary" size="small" onClick={() => setAdding(true)}>
            {t('maintenance.add')}
          </Button>
        )
      }
    >
      <p class="soft">{t('maintenance.text')}</p>
      <ErrorNotice error={list.error ?? change.error} onRetry={list.reload} />
      {list.data === null && list.loading && <Skeleton rows={3} />}
      {list.data !== null && rows.length === 0 && <EmptyState title={t('maintenance.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('network.maintenance')}
          rows={rows}
          rowKey={one => one.id}
          columns={[
            {
              label: t('maintenance.title'),
              kind: 'head',
              cell: one => (
                <span>
                  {one.title}
                  {one.reason !== '' && <span class="source">{one.reason}</span>}
                </span>
              ),
            },
            { label: t('maintenance.subjects'), cell: one => one.subjects.map(({ name }) => name).join(', ') },
            { label: t('maintenance.window'), cell: one => <WindowText maintenance={one} /> },
            { label: t('maintenance.state'), cell: one => <StateText maintenance={one} /> },
            {
              label: '',
              cell: one => mayChange && <Actions maintenance={one} onChange={act => void change.run(act)} />,
            },
          ]}
        />
      )}
      {adding && (
        <Dialog title={t('maintenance.add')} onClose={() => setAdding(false)}>
          <MaintenanceForm onSaved={done} onCancel={() => setAdding(false)} />
        </Dialog>
      )}
    </Panel>
  )
}

function WindowText({ maintenance: { window, timing } }: { maintenance: MaintenanceView }) {
  if (window === null) return <span>–</span>
  return (
    <span>
      <Time at={window.from} style="day-minute" /> – <Time at={window.to} style="day-minute" />
      {timing.kind === 'weekly' && (
        <span class="source">
          {t('maintenance.kind.weekly')}: {timing.days.map(day => t(`weekday.${day}`)).join(', ')}
        </span>
      )}
    </span>
  )
}

function StateText({ maintenance: one }: { maintenance: MaintenanceView }) {
  return (
    <span>
      <span class={one.state === 'waiting' ? 'network-warning' : ''}>{t(`maintenance.state.${one.state}`)}</span>
      {one.active && ` · ${t('maintenance.active')}`}
      <span class="source">
        {t('maintenance.by', { name: one.declaredBy })}
        {one.decidedBy !== null &&
          ` · ${t(`maintenance.state.${one.state}`)} ${t('maintenance.by', { name: one.decidedBy })}`}
      </span>
    </span>
  )
}

function Actions({
  maintenance,
  onChange,
}: {
  maintenance: MaintenanceView
  onChange: (act: () => Promise<unknown>) => void
}) {
  const { id, state, endedAt, window, active } = maintenance
  const decide = (decision: 'approved' | 'refused') => () =>
    call('decideMaintenance', { params: { id }, body: { decision } })
  const declaredByMe = maintenance.declaredById === session.value?.user.id
  if (state === 'waiting') {
    return (
      <div class="table-actions">
        <Button size="small" disabled={declaredByMe} onClick={() => onChange(decide('approved'))}>
          {t('maintenance.approve')}
        </Button>
        <Button size="small" disabled={declaredByMe} onClick={() => onChange(decide('refused'))}>
          {t('maintenance.refuse')}
        </Button>
      </div>
    )
  }
  const isOver = endedAt !== null || state === 'refused' || (window !== null && !active && window.to < Date.now())
  if (isOver) return null
  return (
    <div class="table-actions">
      <Button size="small" onClick={() => onChange(() => call('endMaintenance', { params: { id }, body: {} }))}>
        {t('maintenance.end')}
      </Button>
    </div>
  )
}
