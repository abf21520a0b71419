import { useState } from 'preact/hooks'
import type { EnrolmentTokenView } from '../../../../protocol/agent-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { InstallAgent } from './install-agent.tsx'

const VALID_FOR_S = { hour: 3_600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const
type ValidFor = keyof typeof VALID_FOR_S
const CHOICES = ['hour', 'day', 'week', 'month'] as const

type Made = { id: string; label: string; secret: string }

/** Tokens with which new agents introduce themselves, and the line that starts one. */
export function EnrolmentTokens() {
  const tokens = useResource('enrolment-tokens', signal => call('enrolmentTokens', { signal }))
  const [made, setMade] = useState<Made | null>(null)
  const [asked, setAsked] = useState<EnrolmentTokenView | null>(null)
  const revoke = useAction(async (token: EnrolmentTokenView) => {
    await call('revokeEnrolmentToken', { params: { id: token.id } })
    toast(t('enrolment.revoked', { label: token.label }))
    setAsked(null)
    tokens.reload()
  })
  const rows = tokens.data?.tokens ?? []
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
      <ErrorNotice error={tokens.error} onRetry={tokens.reload} />
      {tokens.data === null && tokens.loading && <Skeleton rows={2} />}
      {tokens.data !== null && rows.length === 0 && <EmptyState title={t('enrolment.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('enrolment.title')}
          rows={rows}
          rowKey={token => token.id}
          columns={[
            { label: t('enrolment.label'), kind: 'head', cell: token => token.label },
            { label: t('enrolment.uses-left'), kind: 'number', cell: token => token.usesLeft },
            { label: t('enrolment.created'), cell: token => <Time at={token.createdAt} style="day-minute" /> },
            { label: t('enrolment.expires'), cell: token => <Time at={token.expiresAt} style="day-minute" /> },
            {
              label: '',
              cell: token =>
                token.revokedAt !== null ? (
                  <div class="table-actions faint">{t('enrolment.state.revoked')}</div>
                ) : token.expiresAt <= at ? (
                  <div class="table-actions faint">{t('enrolment.state.expired')}</div>
                ) : token.usesLeft === 0 ? (
                  <div class="table-actions faint">{t('enrolment.state.used')}</div>
                ) : (
                  <div class="table-actions">
                    <Button size="small" onClick={() => setAsked(token)}>
                      {t('enrolment.revoke')}
                    </Button>
                  </div>
                ),
            },
          ]}
        />
      )}
      {asked !== null && (
        <ConfirmDialog
          title={t('enrolment.revoke.title', { label: asked.label })}
          text={t('enrolment.revoke.text')}
          action={t('enrolment.revoke')}
          busy={revoke.busy}
          error={revoke.error}
          onConfirm={() => void revoke.run(asked)}
          onClose={() => {
            setAsked(null)
            revoke.clear()
          }}
        />
      )}
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
    <form
      class="card form"
      onSubmit={event => {
        event.preventDefault()
        void create.run()
      }}
    >
      <div class="form-row">
        <TextField
          label={t('enrolment.label')}
          placeholder={t('enrolment.label.placeholder')}
          issue={issueOf(create.error, 'label')}
          value={label}
          onValue={setLabel}
          maxLength={100}
          required
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
      <ErrorNotice error={create.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={create.busy}>
          {t('enrolment.create')}
        </Button>
      </div>
    </form>
  )
}
