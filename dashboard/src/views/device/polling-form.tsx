import { useState } from 'preact/hooks'
import type { DeviceRow } from '../../../../protocol/device-calls.ts'
import { DEVICE_KINDS } from '../../../../protocol/snmp-words.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'

type FormProps = { device: DeviceRow; onSaved: () => void; onCancel: () => void }

/** Everything of a polled device that a person decides. */
export function PollingForm({ device, onSaved, onCancel }: FormProps) {
  const credentials = useResource('credentials', signal => call('credentials', { signal }))
  const agents = useResource('pollers', signal => call('agents', { query: { may: 'poll', limit: 5_000 }, signal }))
  const [texts, setTexts] = useState({
    ...{ name: device.name, kind: device.kind as string, address: device.address, port: String(device.port) },
    ...{ credentialId: device.credential.id, agentId: device.agent.id },
    ...{ interval: String(device.intervalMs / 1000), timeout: String(device.timeoutMs) },
    ...{ retries: String(device.retries), trapPort: device.trapPort === null ? '' : String(device.trapPort) },
  })
  type Name = keyof typeof texts
  const save = useAction(async () => {
    await call('updateDevice', {
      params: { id: device.id },
      body: {
        ...{ name: texts.name.trim(), address: texts.address.trim(), port: Number(texts.port) },
        kind: DEVICE_KINDS.find(kind => kind === texts.kind) ?? device.kind,
        ...{ credentialId: texts.credentialId, agentId: texts.agentId },
        ...{ intervalMs: Math.round(Number(texts.interval) * 1000), timeoutMs: Number(texts.timeout) },
        ...{ retries: Number(texts.retries), trapPort: texts.trapPort === '' ? null : Number(texts.trapPort) },
      },
    })
    onSaved()
  })
  const set = (name: Name) => (value: string) => setTexts({ ...texts, [name]: value })
  const text = (name: Name, label: string, path: string) => (
    <TextField label={label} issue={issueOf(save.error, path)} value={texts[name]} onValue={set(name)} required />
  )
  const number = (name: Name, label: string, path: string) => (
    <TextField
      label={label}
      issue={issueOf(save.error, path)}
      type="number"
      value={texts[name]}
      onValue={set(name)}
      required
    />
  )
  const select = (name: Name, label: string, choices: { value: string; label: string }[]) => (
    <SelectField label={label} value={texts[name]} onValue={set(name)} choices={choices} />
  )
  const pollers = agents.data?.agents ?? []
  return (
    <Form save={save} onCancel={onCancel}>
      <div class="form-row">
        {text('name', t('device.name'), 'name')}
        {select(
          'kind',
          t('device.kind'),
          DEVICE_KINDS.map(kind => ({ value: kind, label: t(`kind.${kind}`) })),
        )}
      </div>
      <div class="form-row">
        {text('address', t('device.address'), 'address')}
        {number('port', t('device.port'), 'port')}
      </div>
      <div class="form-row">
        {select(
          'credentialId',
          t('device.credential'),
          (credentials.data?.credentials ?? [device.credential]).map(({ id, name }) => ({ value: id, label: name })),
        )}
        {select(
          'agentId',
          t('device.poller'),
          pollers.length === 0
            ? [{ value: device.agent.id, label: device.agent.name }]
            : pollers.map(({ id, hostname }) => ({ value: id, label: hostname })),
        )}
      </div>
      <div class="form-row">
        {number('interval', t('device.interval'), 'intervalMs')}
        {number('timeout', t('device.timeout'), 'timeoutMs')}
      </div>
      <div class="form-row">
        {number('retries', t('device.retries'), 'retries')}
        <TextField
          label={t('device.trap-port')}
          help={t('device.trap-port.help')}
          issue={issueOf(save.error, 'trapPort')}
          type="number"
          min={1}
          max={65_535}
          value={texts.trapPort}
          onValue={set('trapPort')}
        />
      </div>
    </Form>
  )
}
