import { useState } from 'preact/hooks'
import type { DeviceIdentity } from '../../../../protocol/snmp.ts'
import { DEVICE_KINDS, type DeviceKind } from '../../../../protocol/snmp-words.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { navigate } from '../../app/navigation.ts'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Chosen } from './chosen.ts'

type AddProps = { address: string; options: Chosen; credentialId: string; identity: DeviceIdentity | null }

/** The last step for one device: what it is called and what it is. */
export function AddFound({ address, options, credentialId, identity }: AddProps) {
  const [name, setName] = useState(identity?.sysName ?? address)
  const [kind, setKind] = useState<DeviceKind>(identity?.kind ?? 'router')
  const add = useAction(async () => {
    const { added, known } = await call('addDevices', {
      body: {
        ...{ credentialId, agentId: options.agentId, port: options.port, ...options.place },
        devices: [{ address, name: name.trim(), kind }],
      },
    })
    toast(added.length > 0 ? t('add.added', { n: 1 }) : t('add.known', { n: 1 }))
    const id = (added[0] ?? known[0])?.id
    if (id !== undefined) navigate(pathOf({ screen: 'device', id }))
  })
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        void add.run()
      }}
    >
      <div class="form-row">
        <TextField
          label={t('add.name')}
          issue={issueOf(add.error, 'devices.0.name')}
          value={name}
          onValue={setName}
          maxLength={100}
          required
        />
        <SelectField
          label={t('device.kind')}
          value={kind}
          onValue={value => setKind(DEVICE_KINDS.find(one => one === value) ?? 'router')}
          choices={DEVICE_KINDS.map(value => ({ value, label: t(`kind.${value}`) }))}
        />
      </div>
      <ErrorNotice error={add.error} />
      <div class="form-actions">
        <Button type="submit" kind={identity === null ? 'plain' : 'primary'} busy={add.busy}>
          {identity === null ? t('add.anyway') : t('add.add')}
        </Button>
      </div>
    </form>
  )
}
