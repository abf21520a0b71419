import { useState } from 'preact/hooks'
import type { Discovered } from '../../../../protocol/snmp.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { navigate } from '../../app/navigation.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { SimulatedMark } from '../../ui/simulated.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Chosen } from './chosen.ts'

type SweepResultProps = { sweep: Discovered; options: Chosen; isInterrupted?: boolean }

/** How far a sweep is, and what answered: each can be left out before all are added. */
export function SweepResult({ sweep, options, isInterrupted }: SweepResultProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const { asked, total, finished } = sweep
  const rows = sweep.found
  const taken = rows.filter(({ address }) => !left.has(address))
  const add = useAction(async () => {
    let [added, known] = [0, 0]
    for (const [credentialId, found] of Map.groupBy(taken, row => row.credentialId)) {
      const answer = await call('addDevices', {
        body: {
          ...{ credentialId, agentId: options.agentId, port: options.port, ...options.place },
          devices: found.map(({ address, identity }) => ({
            address,
            ...(identity.sysName === null ? {} : { name: identity.sysName.slice(0, 100) }),
            ...(identity.kind === null ? {} : { kind: identity.kind }),
          })),
        },
      })
      added += answer.added.length
      known += answer.known.length
    }
    toast([t('add.added', { n: added }), ...(known > 0 ? [t('add.known', { n: known })] : [])].join(', '))
    navigate('/devices')
  })
  const counts = { asked, total, found: rows.length }
  return (
    <section class="card probe">
      <p role="status">{finished ? t('sweep.done', counts) : t('sweep.progress', counts)}</p>
      {!finished && isInterrupted !== true && (
        <progress max={total} value={asked} aria-label={t('sweep.progress', counts)} />
      )}
      {finished && rows.length === 0 && <p class="soft">{t('sweep.none')}</p>}
      {rows.length > 0 && (
        <>
          <Table
            label={t('sweep.choose')}
            rows={rows}
            rowKey={row => row.address}
            columns={[
              {
                label: t('devices.address'),
                kind: 'head',
                cell: row => (
                  <CheckField
                    label={row.address}
                    checked={!left.has(row.address)}
                    onChecked={on => {
                      const next = new Set(left)
                      if (on) next.delete(row.address)
                      else next.add(row.address)
                      setLeft(next)
                    }}
                  />
                ),
              },
              {
                label: t('devices.name'),
                cell: ({ identity }) => (
                  <span>
                    {identity.sysName ?? '–'} {identity.simulated && <SimulatedMark />}
                  </span>
                ),
              },
              {
                label: t('devices.what'),
                cell: ({ identity }) => [identity.vendor, identity.model].filter(Boolean).join(' ') || '–',
              },
            ]}
          />
          <ErrorNotice error={add.error} />
          <div class="form-actions">
            <Button kind="primary" busy={add.busy} disabled={taken.length === 0} onClick={() => void add.run()}>
              {t('add.add-many', { n: taken.length })}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
