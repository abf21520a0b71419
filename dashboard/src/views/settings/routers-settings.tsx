import { useState } from 'preact/hooks'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FirstSample } from './first-sample.tsx'

const SYSTEMS = ['openwrt', 'routeros'] as const
type System = (typeof SYSTEMS)[number]
type Made = { name: string; system: System; deviceId: string; script: string }

/** Routers that run a script of a few lines: make one, show it once, wait for what it sends. */
export function RoutersSettings() {
  const [made, setMade] = useState<Made | null>(null)
  return (
    <Panel title={t('router.title')}>
      <p class="soft">{t('router.text')}</p>
      {made === null ? (
        <NewRouter onMade={setMade} />
      ) : (
        <section class="card secret-once" aria-label={t('router.made', { name: made.name })}>
          <h3>{t('router.made', { name: made.name })}</h3>
          <p class="soft">{t('router.once')}</p>
          <p>{t(`router.how.${made.system}`)}</p>
          <CopyText label={t('router.script')} text={made.script} />
          <FirstSample
            ask={async signal => {
              const { tile } = await call('server', { params: { id: made.deviceId }, signal })
              return [{ id: tile.id, name: tile.name, lastSampleAt: tile.lastSampleAt }]
            }}
          />
          <div class="form-actions">
            <Button onClick={() => setMade(null)}>{t('secret.kept')}</Button>
          </div>
        </section>
      )}
    </Panel>
  )
}

function NewRouter({ onMade }: { onMade: (made: Made) => void }) {
  const [name, setName] = useState('')
  const [system, setSystem] = useState<System>('openwrt')
  const create = useAction(async () => {
    const { deviceId, script } = await call('createRouter', { body: { name: name.trim(), system } })
    onMade({ name: name.trim(), system, deviceId, script })
  })
  return (
    <Form save={create} frame="card" action={t('router.create')}>
      <div class="form-row">
        <NameField save={create} label={t('router.name')} value={name} onValue={setName} maxLength={100} />
        <SelectField
          label={t('router.system')}
          issue={issueOf(create.error, 'system')}
          value={system}
          onValue={value => setSystem(SYSTEMS.find(one => one === value) ?? 'openwrt')}
          choices={SYSTEMS.map(one => ({ value: one, label: t(`router.system.${one}`) }))}
        />
      </div>
    </Form>
  )
}
