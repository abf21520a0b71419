import { useState } from 'preact/hooks'
import type { WriterView } from '../../../../protocol/agent-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import type { Resource } from '../../api/use-resource.ts'
import { useResource } from '../../api/use-resource.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { toast } from '../../ui/toast.tsx'
import { writerSnippets } from './writer-snippets.ts'

/** Programs that write by line protocol, each with a key of its own. */
export function WritersSettings() {
  const writers = useResource('writers', signal => call('writers', { signal }))
  const [made, setMade] = useState<{ name: string; key: string } | null>(null)
  const revoke = useConfirmed(
    async (writer: WriterView) => {
      await call('revokeWriter', { params: { id: writer.id }, body: {} })
      toast(t('writers.revoked', { name: writer.name }))
      writers.reload()
    },
    ({ name }) => ({
      title: t('writers.revoke.title', { name }),
      text: t('writers.revoke.text'),
      action: t('agents.revoke'),
    }),
  )
  return (
    <>
      <p class="soft">{t('writers.text')}</p>
      {made === null ? (
        <NewWriter
          onMade={writer => {
            setMade(writer)
            writers.reload()
          }}
        />
      ) : (
        <SecretOnce title={t('writers.made', { name: made.name })} secret={made.key} onClose={() => setMade(null)}>
          <p>{t('writers.snippet.note')}</p>
          {writerSnippets(new URL(location.origin)).map(({ name, text }) => (
            <CopyText key={name} label={t(`writers.snippet.${name}`)} text={text} />
          ))}
        </SecretOnce>
      )}
      <Writers from={writers} onRevoke={revoke.ask} />
      {revoke.dialog}
    </>
  )
}

type Writing = Resource<{ writers: WriterView[] }>

function Writers({ from, onRevoke }: { from: Writing; onRevoke: (writer: WriterView) => void }) {
  const count = (value: number) => formatNumber(value, language.value, 0)
  return (
    <>
      <LoadedTable
        label={t('settings.writers')}
        from={from}
        rowsOf={({ writers }) => writers}
        empty={t('writers.empty')}
        rowKey={writer => writer.id}
        columns={[
          {
            label: t('writers.name'),
            kind: 'head',
            cell: writer => (
              <span>
                {writer.name}
                {writer.lastRefusal !== null && (
                  <span class="source">{t('writers.last-refusal', { message: writer.lastRefusal.message })}</span>
                )}
              </span>
            ),
          },
          {
            label: t('writers.hosts'),
            kind: 'number',
            cell: ({ hosts, maxHosts }) => `${count(hosts)} / ${count(maxHosts)}`,
          },
          { label: t('writers.last-write'), cell: writer => <Age at={writer.lastWriteAt} /> },
          { label: t('writers.lines'), kind: 'number', cell: writer => count(writer.keptLines) },
          { label: t('writers.refused'), kind: 'number', cell: writer => count(writer.refusedLines) },
          { label: t('writers.text-fields'), kind: 'number', cell: writer => count(writer.textFields) },
          {
            label: '',
            cell: writer =>
              writer.revokedAt !== null ? (
                <div class="table-actions tone-down">
                  {t('agent.revoked')} <Time at={writer.revokedAt} style="date" />
                </div>
              ) : (
                <div class="table-actions">
                  <Button size="small" onClick={() => onRevoke(writer)}>
                    {t('agents.revoke')}
                  </Button>
                </div>
              ),
          },
        ]}
      />
      {from.data !== null && from.data.writers.length > 0 && <p class="faint">{t('writers.since-start')}</p>}
    </>
  )
}

function NewWriter({ onMade }: { onMade: (writer: { name: string; key: string }) => void }) {
  const [name, setName] = useState('')
  const [intervalS, setIntervalS] = useState('60')
  const [maxHosts, setMaxHosts] = useState('500')
  const create = useAction(async () => {
    const made = await call('createWriter', {
      body: { name: name.trim(), intervalMs: Math.round(Number(intervalS) * 1000), maxHosts: Number(maxHosts) },
    })
    onMade({ name: made.writer.name, key: made.key })
  })
  return (
    <Form save={create} frame="card" action={t('writers.create')}>
      <div class="form-row">
        <NameField
          save={create}
          label={t('writers.name')}
          placeholder={t('writers.name.placeholder')}
          value={name}
          onValue={setName}
          maxLength={100}
        />
        <TextField
          label={t('writers.interval')}
          help={t('writers.interval.help')}
          issue={issueOf(create.error, 'intervalMs')}
          type="number"
          min={1}
          max={3_600}
          value={intervalS}
          onValue={setIntervalS}
          required
        />
        <TextField
          label={t('writers.max-hosts')}
          issue={issueOf(create.error, 'maxHosts')}
          type="number"
          min={1}
          max={10_000}
          value={maxHosts}
          onValue={setMaxHosts}
          required
        />
      </div>
    </Form>
  )
}
