import type { ProbeView } from '../../../../protocol/links.ts'
import type { RegisterRecordView } from '../../../../protocol/register-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { addressOfSite, probesOfSite } from './site-probes.ts'

export function ServiceProbes({ record }: { record: RegisterRecordView }) {
  const probes = useResource(`probes/${record.id}`, signal => call('probes', { signal }))
  const own = (probes.data?.probes ?? []).filter(({ subjectId }) => subjectId === record.id)
  const url = addressOfSite(record)
  const watch = useAction(async (address: string) => {
    for (const body of probesOfSite(record.id, address)) await call('createProbe', { body })
    toast(t('registers.probes.added', { url: address }))
    probes.reload()
  })
  const stop = useAction(async (id: string) => {
    await call('removeProbe', { params: { id } })
    probes.reload()
  })
  const writes = may('inventory:write')
  return (
    <Panel title={t('registers.probes')}>
      <p class="soft">{t('registers.probes.text')}</p>
      <ErrorNotice error={probes.error ?? watch.error ?? stop.error} />
      {probes.data !== null && own.length === 0 && (
        <>
          <p>{t('registers.probes.none')}</p>
          {url === null && <p class="soft">{t('registers.probes.no-domain')}</p>}
          {url !== null && writes && (
            <Button busy={watch.busy} onClick={() => void watch.run(url)}>
              {t('registers.probes.add', { url })}
            </Button>
          )}
        </>
      )}
      {own.length > 0 && (
        <Table
          label={t('registers.probes')}
          rows={own}
          rowKey={probe => probe.id}
          columns={[
            { label: t('registers.probes.name'), kind: 'head', cell: probe => probe.name },
            { label: t('registers.probes.asked'), cell: probe => <code>{askedOf(probe)}</code> },
            {
              label: '',
              cell: probe =>
                writes && (
                  <Button size="small" kind="quiet" onClick={() => void stop.run(probe.id)}>
                    {t('registers.probes.remove')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

function askedOf({ check }: ProbeView): string {
  switch (check.kind) {
    case 'http':
      return check.url
    case 'dns':
      return check.name
    case 'icmp':
      return check.address
    case 'tcp':
    case 'tls':
      return `${check.host}:${check.port}`
  }
}
