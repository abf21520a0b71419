import type { ProbeView } from '../../../../protocol/links.ts'
import type { ProbeBody } from '../../../../protocol/probes.ts'
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

/** A site is not a router: once a minute is often enough, and a slow answer is an answer. */
const RHYTHM = { everyMs: 60_000, timeoutMs: 10_000, figuresEveryMs: 300_000, failures: 3, successes: 2 }
const RETRY_EVERY_MS = 10_000

/** The address of a registered site; null while its domain is not on record. */
export function addressOfSite({ fields }: Pick<RegisterRecordView, 'fields'>): string | null {
  if (typeof fields.domain !== 'string' || fields.domain.trim() === '') return null
  const path = typeof fields.path === 'string' ? fields.path.trim().replace(/^\/?/, '/') : '/'
  return `https://${fields.domain.trim().toLowerCase()}${path}`
}

/** What is asked of it: whether it answers, and how long its certificate holds. */
export function probesOfSite(subjectId: string, url: string): ProbeBody[] {
  const common = { subjectId, ...RHYTHM, retryEveryMs: RETRY_EVERY_MS, agentIds: [] }
  return [
    {
      ...{ ...common, name: 'web', decides: 'state' },
      check: {
        ...{ kind: 'http', url, method: 'GET', statuses: [], keyword: null, jsonPath: null },
        // A certificate that ends is judged apart; the site itself answers.
        ...{ redirects: 'follow', certificate: 'accept-any' },
      },
    },
    {
      ...{ ...common, name: 'tls', decides: 'nothing' },
      check: { kind: 'tls', host: new URL(url).hostname, port: 443, serverName: null },
    },
  ]
}

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
            { label: t('registers.name'), kind: 'head', cell: probe => probe.name },
            { label: t('registers.value'), cell: probe => <code>{askedOf(probe)}</code> },
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
