import { useState } from 'preact/hooks'
import type { DutyDetailView, SimulationView } from '../../../../protocol/duty-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { now } from '../../app/clock.ts'
import { timeZone } from '../../app/session.ts'
import { dayIn } from '../../format/citation.ts'
import { parameterName } from '../../format/names.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { DutyStand } from './duty-stand.tsx'
import { typedText, valueOfText } from './parameter-input.ts'

type Props = { duty: DutyDetailView; canSet: boolean; onSet: (next: DutyDetailView) => void }

/** What would change if a number were another; one who may can set it then, from a day on and by decree. */
export function TryParameter({ duty, canSet, onSet }: Props) {
  const open = duty.parameters.filter(one => typedText(one.value) !== null)
  const [name, setName] = useState(open[0]?.name ?? '')
  const chosen = open.find(one => one.name === name)
  const like = chosen?.value ?? null
  const [text, setText] = useState(typedText(like) ?? '')
  const [found, setFound] = useState<SimulationView | null>(null)
  const value = valueOfText(text, like)
  const params = { rule: duty.duty.id }
  const attempt = useAction(async () => {
    if (value === undefined) return
    setFound(await call('simulateDuty', { params, query: { parameters: JSON.stringify({ [name]: value }) } }))
  })
  if (open.length === 0) return null
  return (
    <details class="try">
      <summary>{t('duty.try')}</summary>
      <p class="soft">{t('duty.try.text')}</p>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          void attempt.run()
        }}
      >
        <div class="form-row">
          <SelectField
            label={t('duty.parameter')}
            value={name}
            onValue={next => {
              setName(next)
              setText(typedText(open.find(one => one.name === next)?.value ?? null) ?? '')
              setFound(null)
            }}
            choices={open.map(one => ({ value: one.name, label: parameterName(one.name, language.value) }))}
          />
          {typeof like === 'boolean' ? (
            <SelectField
              label={t('duty.try.value')}
              value={text}
              onValue={setText}
              choices={[
                { value: 'true', label: t('common.yes') },
                { value: 'false', label: t('common.no') },
              ]}
            />
          ) : (
            <TextField label={t('duty.try.value')} value={text} onValue={setText} required />
          )}
        </div>
        <div class="form-actions">
          <Button type="submit" busy={attempt.busy} disabled={value === undefined}>
            {t('duty.try.run')}
          </Button>
        </div>
        <ErrorNotice error={attempt.error} />
      </form>
      {found !== null && <Changes found={found} miss={duty.duty.miss} />}
      {/* What the text itself sets can be tried, but no decree can set it. */}
      {canSet && value !== undefined && chosen?.source === 'diskominfo' && (
        <SetParameter duty={duty} name={name} value={value} onSet={onSet} />
      )}
    </details>
  )
}

function Changes({ found, miss }: { found: SimulationView; miss: DutyDetailView['duty']['miss'] }) {
  if (found.changed.length === 0) return <p role="status">{t('duty.try.same')}</p>
  return (
    <div role="status" class="try-changes">
      <p>{t('duty.try.changed', { n: found.changed.length })}</p>
      <Table
        label={t('duty.try')}
        rows={found.changed}
        rowKey={row => `${row.subject.id}/${row.part}`}
        columns={[
          { label: t('duties.subjects'), kind: 'head', cell: row => row.subject.name },
          {
            label: t('duties.stand'),
            cell: row => (
              <span class="duty-change">
                <DutyStand verdict={row.from} miss={miss} /> <span aria-hidden="true">→</span>{' '}
                <DutyStand verdict={row.to} miss={miss} />
              </span>
            ),
          },
          { label: t('duty.why'), cell: row => <span class="duty-why">{pick(row.why)}</span> },
        ]}
      />
    </div>
  )
}

type SetProps = Omit<Props, 'canSet'> & { name: string; value: NonNullable<ReturnType<typeof valueOfText>> | null }

function SetParameter({ duty, name, value, onSet }: SetProps) {
  const [validFrom, setValidFrom] = useState(() => dayIn(now.peek(), timeZone.peek()))
  const [author, setAuthor] = useState('')
  const [decree, setDecree] = useState('')
  const save = useAction(async () => {
    const body = { name, value, validFrom, validUntil: null, author, decree }
    onSet(await call('setDuty', { params: { rule: duty.duty.id }, body }))
  })
  return (
    <form
      class="form try-set"
      onSubmit={event => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div class="form-row">
        <TextField
          label={t('duty.set.from')}
          issue={issueOf(save.error, 'validFrom')}
          value={validFrom}
          onValue={setValidFrom}
          pattern="\d{4}-\d{2}-\d{2}"
          required
        />
        <TextField
          label={t('duty.set.author')}
          issue={issueOf(save.error, 'author')}
          value={author}
          onValue={setAuthor}
          maxLength={200}
          required
        />
        <TextField
          label={t('duty.set.decree')}
          issue={issueOf(save.error, 'decree')}
          value={decree}
          onValue={setDecree}
          maxLength={200}
          required
        />
      </div>
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {t('duty.set')}
        </Button>
      </div>
      <ErrorNotice error={save.error} />
    </form>
  )
}
