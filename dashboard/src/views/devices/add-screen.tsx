import { useEffect, useRef, useState } from 'preact/hooks'
import type { CredentialView } from '../../../../protocol/device-calls.ts'
import { SNMP_DEFAULTS, SNMP_LIMITS, SNMP_PORT } from '../../../../protocol/snmp-words.ts'
import type { TaskView } from '../../../../protocol/tasks.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { CheckField, Field, SelectField, TextField } from '../../ui/field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { BackLink } from '../../ui/screen-head.tsx'
import { AddressFile } from './address-file.tsx'
import type { Chosen, Place } from './chosen.ts'
import { CredentialForm, credentialText } from './credential-form.tsx'
import { EarlierSweeps } from './earlier-sweeps.tsx'
import { PlaceFields } from './place-fields.tsx'
import { ProbeResult } from './probe-result.tsx'
import { readAddresses } from './read-addresses.ts'
import { useTask } from './use-task.ts'
import './devices.css'

/** From an address to a polled device: where it is, what opens it, a live test that says what is wrong, and in. */
export function AddScreen() {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const [more, setMore] = useState({ agentId: '', port: String(SNMP_PORT), perSecond: String(SNMP_DEFAULTS.perSecond) })
  const [started, setStarted] = useState<{ task: TaskView; options: Omit<Chosen, 'place'> } | null>(null)
  const { task, error, isLost } = useTask(started?.task ?? null)
  const [place, setPlace] = useState<Place>({ agencyId: null, siteId: null })
  const { ranges, single } = readAddresses(text)
  useTitle(t('add.title'))
  const probe = useAction(async () => {
    const options = {
      ...{ credentialIds: chosen, port: Number(more.port) },
      agentId: more.agentId === '' ? null : more.agentId,
    }
    const { credentialIds, port, agentId } = options
    const order =
      single === null
        ? ({ kind: 'discover', ranges, credentialIds, port, perSecond: Number(more.perSecond) } as const)
        : ({ kind: 'snmp-test', address: single, credentialIds, port } as const)
    setStarted({ task: await call('probeDevices', { body: { agentId, order } }), options })
  })
  if (!may('inventory:write')) return <EmptyState title={t('problem.forbidden')} />
  return (
    <div class="page">
      <div class="add-head">
        <BackLink to="/devices" label={t('devices.title')} />
        <h1>{t('add.title')}</h1>
      </div>
      <div class="add-steps">
        <Panel title={t('add.where')}>
          <div class="card form">
            <Field
              label={t('add.addresses')}
              help={t('add.addresses.help')}
              issue={issueOf(probe.error, 'order.ranges') ?? issueOf(probe.error, 'order.address')}
            >
              {wiring => (
                <textarea
                  class="input add-list"
                  id={wiring.id}
                  rows={2}
                  aria-describedby={wiring.describedBy}
                  aria-invalid={wiring.invalid}
                  spellcheck={false}
                  value={text}
                  onInput={event => setText(event.currentTarget.value)}
                />
              )}
            </Field>
            <AddressFile onAddresses={found => setText(found.join('\n'))} />
            <PlaceFields place={place} onPlace={setPlace} />
            <More more={more} onMore={setMore} isSweep={ranges.length > 0 && single === null} />
          </div>
        </Panel>
        <Panel title={t('add.with')}>
          <Credentials chosen={chosen} onChosen={setChosen} />
        </Panel>
        <div class="form-actions">
          <Button
            kind="primary"
            busy={probe.busy}
            disabled={ranges.length === 0 || chosen.length === 0}
            onClick={() => void probe.run()}
          >
            {ranges.length > 0 && single === null ? t('add.sweep') : t('add.test')}
          </Button>
          {chosen.length === 0 && <span class="faint">{t('add.needs-credential')}</span>}
        </div>
        <ErrorNotice error={probe.error ?? error} />
        {started !== null && task !== null && (
          <Panel title={t('add.result')}>
            <IntoView key={`seen/${task.id}`} />
            <ProbeResult
              key={task.id}
              task={task}
              options={{ ...started.options, place }}
              isLost={isLost}
              onResumed={resumed => setStarted({ ...started, task: resumed })}
            />
          </Panel>
        )}
        <EarlierSweeps shownTaskId={task?.id ?? null} onChosen={setStarted} />
      </div>
    </div>
  )
}

/** On a low screen what came of it would stand below the button that asked, unseen. */
function IntoView() {
  const mark = useRef<HTMLSpanElement>(null)
  useEffect(() => mark.current?.parentElement?.scrollIntoView({ block: 'start', behavior: 'smooth' }), [])
  return <span ref={mark} />
}

type MoreProps = {
  more: { agentId: string; port: string; perSecond: string }
  onMore: (more: MoreProps['more']) => void
  isSweep: boolean
}

function More({ more, onMore, isSweep }: MoreProps) {
  const agents = useResource('pollers', signal => call('agents', { query: { may: 'poll', limit: 5_000 }, signal }))
  const remote = (agents.data?.agents ?? []).filter(({ kind }) => kind === 'remote')
  return (
    <details class="disclosure">
      <summary>{t('add.advanced')}</summary>
      <div class="form-row">
        <SelectField
          label={t('add.poller')}
          value={more.agentId}
          onValue={agentId => onMore({ ...more, agentId })}
          choices={[
            { value: '', label: t('add.poller.noc') },
            ...remote.map(({ id, hostname }) => ({ value: id, label: hostname })),
          ]}
        />
        <TextField
          label={t('device.port')}
          type="number"
          min={1}
          max={65_535}
          value={more.port}
          onValue={port => onMore({ ...more, port })}
        />
        {isSweep && (
          <TextField
            label={t('add.per-second')}
            type="number"
            min={1}
            max={SNMP_LIMITS.perSecond[1]}
            value={more.perSecond}
            onValue={perSecond => onMore({ ...more, perSecond })}
          />
        )}
      </div>
    </details>
  )
}

function Credentials({ chosen, onChosen }: { chosen: string[]; onChosen: (ids: string[]) => void }) {
  const credentials = useResource('credentials', signal => call('credentials', { signal }))
  const [isMaking, setMaking] = useState(false)
  const rows = credentials.data?.credentials ?? []
  const mayMake = may('agents:write')
  const toggle = (id: string, on: boolean) => onChosen(on ? [...chosen, id] : chosen.filter(one => one !== id))
  return (
    <div class="credential-list">
      <ErrorNotice error={credentials.error} onRetry={credentials.reload} />
      {credentials.data === null && credentials.loading && <Skeleton rows={1} />}
      {rows.length > 0 && (
        <fieldset class="card form">
          <legend class="visually-hidden">{t('add.with')}</legend>
          <p class="soft">{t('add.with.text')}</p>
          {rows.map(row => (
            <CheckField
              key={row.id}
              label={`${row.name} · ${credentialText(row)}`}
              checked={chosen.includes(row.id)}
              onChecked={on => toggle(row.id, on)}
            />
          ))}
        </fieldset>
      )}
      {mayMake && (isMaking || (credentials.data !== null && rows.length === 0)) ? (
        <CredentialForm
          present={null}
          {...(rows.length > 0 ? { onCancel: () => setMaking(false) } : {})}
          onKept={(kept: CredentialView) => {
            setMaking(false)
            toggle(kept.id, true)
            credentials.reload()
          }}
        />
      ) : (
        mayMake && (
          <div>
            <Button onClick={() => setMaking(true)}>{t('credentials.new')}</Button>
          </div>
        )
      )}
    </div>
  )
}
