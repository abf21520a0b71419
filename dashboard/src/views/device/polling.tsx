import { useState } from 'preact/hooks'
import type { DeviceView } from '../../../../protocol/device-calls.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may } from '../../app/session.ts'
import { formatSeconds } from '../../format/seconds.ts'
import { language, t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'
import { PollingForm } from './polling-form.tsx'

/** Who asks, with what, how often, and how long that takes. */
export function Polling({ view, onChanged }: { view: DeviceView; onChanged: () => void }) {
  const [isEditing, setEditing] = useState(false)
  const { device } = view
  const rediscover = useAction(async () => {
    await call('rediscoverDevice', { params: { id: device.id }, body: {} })
    toast(t('device.rediscover.asked', { name: device.name }))
  })
  const words = language.value
  const count = (value: number | null): string => (value === null ? '–' : String(value))
  const round =
    device.pollSeconds === null
      ? t('device.round.none')
      : t('device.round.text', {
          time: formatSeconds(device.pollSeconds, words),
          ...{ requests: count(view.pollRequests), lost: count(view.pollLost) },
        })
  const facts: [string, string][] = [
    [t('device.poller'), device.agent.name],
    [t('device.address'), `${device.address} : ${device.port}`],
    [t('device.credential'), device.credential.name],
    [t('device.interval'), String(device.intervalMs / 1000)],
    [t('device.round'), round],
    [t('device.trap-port'), device.trapPort === null ? '–' : String(device.trapPort)],
  ]
  return (
    <Panel
      title={t('device.polling')}
      aside={
        may('inventory:write') && (
          <span class="form-actions">
            <Button size="small" busy={rediscover.busy} onClick={() => void rediscover.run()}>
              {t('device.rediscover')}
            </Button>
            <Button size="small" onClick={() => setEditing(true)}>
              {t('device.edit')}
            </Button>
          </span>
        )
      }
    >
      <ErrorNotice error={rediscover.error} />
      <Facts kind="list" facts={facts} />
      {isEditing && (
        <Dialog title={`${t('device.edit')}: ${device.name}`} onClose={() => setEditing(false)}>
          <PollingForm
            device={device}
            onCancel={() => setEditing(false)}
            onSaved={() => {
              setEditing(false)
              toast(t('device.saved'))
              onChanged()
            }}
          />
        </Dialog>
      )}
    </Panel>
  )
}
