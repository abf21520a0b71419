import { useState } from 'preact/hooks'
import type { EnrolmentTokenView } from '../../../../protocol/agent-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { toast } from '../../ui/toast.tsx'
import { InstallAgent } from './install-agent.tsx'
import { RevokeCell } from './revoke-cell.tsx'

const VALID_FOR_S = { hour: 3_600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const
type ValidFor = keyof typeof VALID_FOR_S
const CHOICES = ['hour', 'day', 'week', 'month'] as const

/** What is used up stays on record, but not in the way of the agents below. */
const SHOWN_FIRST = 5

type Made = { id: string; label: string; secret: string }

function endOf(token: EnrolmentTokenView, at: number): string | null {
  if (token.revokedAt !== null) return t('enrolment.state.revoked')
  if (token.expiresAt <= at) return t('enrolment.state.expired')
  return token.usesLeft === 0 ? t('enrolment.state.used') : null
}

/** Tokens with which new agents introduce themselves, and the line that starts one. */
export function EnrolmentTokens() {
  const tokens = useResource('enrolment-tokens', signal => call('enrolmentTokens', { signal }))
  const [made, setMade] = useState<Made | null>(null)
  const revoke = useConfirmed(
    async (token: EnrolmentTokenView) => {
      await call('revokeEnrolmentToken', { params: { id: token.id } })
      toast(t('enrolment.revoked', { label: token.label }))
      tokens.reload()
    },
    ({ label }) => ({
      title: t('enrolment.revoke.title', { label }),
      text: t('enrolment.revoke.text'),
      action: t('enrolment.revoke'),
    }),
  )
  const at = now.value
  return (
    <Panel title={t('enrolment.title')}>
      <p class="soft">{t('enrolment.text')}</p>
      {made === null ? (
        <NewToken
          onMade={token => {
            setMade(token)
            tokens.reload()
          }}
        />
      ) : (
        <SecretOnce
          title={t('enrolment.made', { label: made.label })}
          secret={made.secret}
          onClose={() => setMade(null)}
        >
          <InstallAgent tokenId={made.id} secret={made.secret} />
        </SecretOnce>
      )}
      <LoadedTable
        label={t('enrolment.title')}
        from={tokens}
        rowsOf={({ tokens }) =>
          [...tokens].sort((a, b) => Number(endOf(a, at) !== null) - Number(endOf(b, at) !== null))
        }
        most={SHOWN_FIRST}
        empty={t('enrolment.empty')}
        rowKey={token => token.id}
        columns={[
          { label: t('enrolment.label'), kind: 'head', cell: token => token.label },
          { label: t('enrolment.uses-left'), kind: 'number', cell: token => token.usesLeft },
          { label: t('enrolment.created'), cell: token => <Time at={token.createdAt} style="day-minute" /> },
          { label: t('enrolment.expires'), cell: token => <Time at={token.expiresAt} style="day-minute" /> },
          {
            label: '',
            cell: token => <RevokeCell ended={endOf(token, at)} onRevoke={() => revoke.ask(token)} />,
          },
        ]}
      />
      {revoke.dialog}
    </Panel>
  )
}

function NewToken({ onMade }: { onMade: (token: Made) => void }) {
  const [label, setLabel] = useState('')
  const [uses, setUses] = useState('1')
  const [validFor, setValidFor] = useState<ValidFor>('day')
  const create = useAction(async () => {
    const made = await call('createEnrolmentToken', {
      body: { label: label.trim(), uses: Number(uses), validForS: VALID_FOR_S[validFor] },
    })
    onMade({ id: made.token.id, label: made.token.label, secret: made.secret })
  })
  return (
    <Form save={create} frame="card" action={t('enrolment.create')}>
      <div class="form-row">
        <NameField
          save={create}
          path="label"
          label={t('enrolment.label')}
          placeholder={t('enrolment.label.placeholder')}
          value={label}
          onValue={setLabel}
          maxLength={100}
        />
        <TextField
          label={t('enrolment.uses')}
          issue={issueOf(create.error, 'uses')}
          type="number"
          min={1}
          max={10_000}
          value={uses}
          onValue={setUses}
          required
        />
        <SelectField
          label={t('enrolment.valid-for')}
          issue={issueOf(create.error, 'validForS')}
          value={validFor}
          onValue={value => setValidFor(CHOICES.find(choice => choice === value) ?? 'day')}
          choices={CHOICES.map(choice => ({ value: choice, label: t(`valid-for.${choice}`) }))}
        />
      </div>
    </Form>
  )
}
