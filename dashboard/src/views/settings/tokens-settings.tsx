import { useState } from 'preact/hooks'
import type { ApiTokenView } from '../../../../protocol/settings-views.ts'
import { PERMISSIONS, type Permission } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'

const VALID_FOR_S = { month: 30 * 86_400, year: 365 * 86_400, forever: null } as const
const CHOICES = ['month', 'year', 'forever'] as const

export function TokensSettings() {
  const tokens = useResource('tokens', signal => call('apiTokens', { signal }))
  const [made, setMade] = useState<{ label: string; secret: string } | null>(null)
  const [asked, setAsked] = useState<ApiTokenView | null>(null)
  const revoke = useAction(async (token: ApiTokenView) => {
    await call('revokeApiToken', { params: { id: token.id } })
    toast(t('tokens.revoked', { label: token.label }))
    setAsked(null)
    tokens.reload()
  })
  const rows = tokens.data?.tokens ?? []
  return (
    <>
      <p class="soft">{t('tokens.text')}</p>
      {made === null ? (
        <NewApiToken
          onMade={token => {
            setMade(token)
            tokens.reload()
          }}
        />
      ) : (
        <SecretOnce
          title={t('tokens.made', { label: made.label })}
          secret={made.secret}
          onClose={() => setMade(null)}
        />
      )}
      <ErrorNotice error={tokens.error} onRetry={tokens.reload} />
      {tokens.data === null && tokens.loading && <Skeleton />}
      {tokens.data !== null && rows.length === 0 && <EmptyState title={t('tokens.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('settings.tokens')}
          rows={rows}
          rowKey={token => token.id}
          columns={[
            { label: t('enrolment.label'), kind: 'head', cell: token => token.label },
            { label: t('tokens.scopes'), cell: token => <code>{token.scopes.join(', ')}</code> },
            { label: t('enrolment.created'), cell: token => <Time at={token.createdAt} style="date" /> },
            {
              label: t('enrolment.expires'),
              cell: token =>
                token.expiresAt === null ? t('valid-for.forever') : <Time at={token.expiresAt} style="date" />,
            },
            { label: t('tokens.last-used'), cell: token => <Age at={token.lastUsedAt} /> },
            {
              label: '',
              cell: token =>
                token.revokedAt !== null ? (
                  <div class="table-actions faint">{t('enrolment.state.revoked')}</div>
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
          title={t('tokens.revoke.title', { label: asked.label })}
          text={t('tokens.revoke.text')}
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
    </>
  )
}

function NewApiToken({ onMade }: { onMade: (token: { label: string; secret: string }) => void }) {
  const [label, setLabel] = useState('')
  const [scopes, setScopes] = useState<readonly Permission[]>(['read'])
  const [validFor, setValidFor] = useState<keyof typeof VALID_FOR_S>('year')
  const create = useAction(async () => {
    const made = await call('createApiToken', {
      body: { label: label.trim(), scopes: [...scopes], validForS: VALID_FOR_S[validFor] },
    })
    onMade({ label: made.token.label, secret: made.secret })
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
          placeholder={t('tokens.label.placeholder')}
          issue={issueOf(create.error, 'label')}
          value={label}
          onValue={setLabel}
          maxLength={100}
          required
        />
        <SelectField
          label={t('enrolment.valid-for')}
          issue={issueOf(create.error, 'validForS')}
          value={validFor}
          onValue={value => setValidFor(CHOICES.find(choice => choice === value) ?? 'year')}
          choices={CHOICES.map(choice => ({ value: choice, label: t(`valid-for.${choice}`) }))}
        />
      </div>
      <fieldset class="scopes">
        <legend>{t('tokens.scopes')}</legend>
        {PERMISSIONS.map(permission => (
          <CheckField
            key={permission}
            label={t(`permission.${permission}`)}
            checked={scopes.includes(permission)}
            onChecked={on => setScopes(PERMISSIONS.filter(one => (one === permission ? on : scopes.includes(one))))}
          />
        ))}
      </fieldset>
      <ErrorNotice error={create.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={create.busy} disabled={scopes.length === 0}>
          {t('tokens.create')}
        </Button>
      </div>
    </form>
  )
}
