import { useState } from 'preact/hooks'
import type { ChannelKindView, ChannelView } from '../../../../protocol/settings-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { pick, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { SeverityLabel, StateMark } from '../../ui/state-mark.tsx'
import { toast } from '../../ui/toast.tsx'
import { DeliveryLabel } from '../incident/incident-screen.tsx'
import { ChannelForm } from './channel-form.tsx'

/** Where notices go. Which fields a channel has is the collector's to say. */
export function ChannelsSettings() {
  const kinds = useResource('channel-kinds', signal => call('channelKinds', { signal }))
  const channels = useResource('channels', signal => call('channels', { signal }))
  const [adding, setAdding] = useState<ChannelKindView | null>(null)
  const kindList = kinds.data?.kinds ?? []
  const rows = channels.data?.channels ?? []
  return (
    <>
      <p class="soft">{t('channels.text')}</p>
      <ErrorNotice error={kinds.error} onRetry={kinds.reload} />
      {adding === null ? (
        <div class="form-actions">
          {kindList.map(kind => (
            <Button key={kind.kind} onClick={() => setAdding(kind)}>
              + {pick(kind.title)}
            </Button>
          ))}
        </div>
      ) : (
        <ChannelForm
          kind={adding}
          channel={null}
          onDone={() => {
            setAdding(null)
            channels.reload()
          }}
          onCancel={() => setAdding(null)}
        />
      )}
      <ErrorNotice error={channels.error} onRetry={channels.reload} />
      {channels.data === null && channels.loading && <Skeleton />}
      {channels.data !== null && rows.length === 0 && (
        <EmptyState title={t('channels.empty')}>
          <p>{t('channels.empty.text')}</p>
        </EmptyState>
      )}
      <ul class="cards">
        {rows.map(channel => (
          <li key={channel.id}>
            <ChannelCard
              channel={channel}
              kind={kindList.find(kind => kind.kind === channel.kind) ?? null}
              onChanged={channels.reload}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

type ChannelCardProps = { channel: ChannelView; kind: ChannelKindView | null; onChanged: () => void }

function ChannelCard({ channel, kind, onChanged }: ChannelCardProps) {
  const [mode, setMode] = useState<'shown' | 'edited'>('shown')
  const params = { id: channel.id }
  const test = useAction(async () => {
    await call('testChannel', { params, body: {} })
    toast(t('channels.tested', { name: channel.name }))
    onChanged()
  })
  const remove = useConfirmed(
    async () => {
      await call('removeChannel', { params })
      toast(t('channels.removed', { name: channel.name }))
      onChanged()
    },
    () => ({
      title: t('channels.remove.title', { name: channel.name }),
      text: t('channels.remove.text'),
      action: t('common.remove'),
    }),
  )
  if (mode === 'edited' && kind !== null)
    return (
      <ChannelForm
        kind={kind}
        channel={channel}
        onDone={() => {
          setMode('shown')
          onChanged()
        }}
        onCancel={() => setMode('shown')}
      />
    )
  return (
    <article class="card">
      <div class="card-head">
        <h3>
          {channel.name} <span class="faint">{kind === null ? channel.kind : pick(kind.title)}</span>
        </h3>
        <span class={channel.enabled ? 'state tone-up' : 'state tone-unknown'}>
          <StateMark state={channel.enabled ? 'up' : 'unknown'} />
          {t(channel.enabled ? 'channels.enabled' : 'channels.disabled')}
        </span>
      </div>
      <p class="rule-counts">
        <span>
          {t('channels.minimum')} <SeverityLabel severity={channel.minimumSeverity} />
        </span>
        <span>
          {t('channels.last')}{' '}
          {channel.lastDelivery === null ? (
            <span class="faint">{t('common.never')}</span>
          ) : (
            <>
              <DeliveryLabel state={channel.lastDelivery.state} />{' '}
              <span class="faint">
                <Age at={channel.lastDelivery.at} />
              </span>
            </>
          )}
        </span>
      </p>
      {channel.lastDelivery !== null && channel.lastDelivery.error !== null && (
        <p class="notice notice-error">{channel.lastDelivery.error}</p>
      )}
      <ErrorNotice error={test.error} />
      <div class="form-actions">
        <Button size="small" busy={test.busy} onClick={() => void test.run()}>
          {t('channels.test')}
        </Button>
        <Button size="small" disabled={kind === null} onClick={() => setMode('edited')}>
          {t('common.edit')}
        </Button>
        <Button size="small" kind="quiet" onClick={() => remove.ask(null)}>
          {t('common.remove')}
        </Button>
      </div>
      {remove.dialog}
    </article>
  )
}
