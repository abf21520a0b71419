import { useState } from 'preact/hooks'
import type { ApiTokenView } from '../../../../protocol/settings-views.ts'
import { PERMISSIONS, type Permission } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { CheckField, SelectField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { toast } from '../../ui/toast.tsx'
import { RevokeCell } from './revoke-cell.tsx'

const VALID_FOR_S = { month: 30 * 86_400, year: 365 * 86_400, forever: null } as const
const CHOICES = ['month', 'year', 'forever'] as const

export function TokensSettings() {
  const tokens = useResource('tokens', signal => call('apiTokens', { signal }))
  const [made, setMade] = useState<{ label: string; secret: string } | null>(null)
  const revoke = useConfirmed(
    async (token: ApiTokenView) => {
      await call('revokeApiToken', { params: { id: token.id } })
      toast(t('tokens.revoked', { label: token.label }))
      tokens.reload()
    },
    ({ label }) => ({
      title: t('tokens.revoke.title', { label }),
      text: t('tokens.revoke.text'),
      action: t('enrolment.revoke'),
    }),
  )
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
      <LoadedTable
        label={t('settings.tokens')}
        from={tokens}
        rowsOf={({ tokens }) => tokens}
        empty={t('tokens.empty')}
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
            cell: token => (
              <RevokeCell
                ended={token.revokedAt === null ? null : t('enrolment.state.revoked')}
                onRevoke={() => revoke.ask(token)}
              />
            ),
          },
        ]}
      />
      {revoke.dialog}
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
    <Form save={create} frame="card" action={t('tokens.create')} held={scopes.length === 0 ? 'button' : 'no'}>
      <div class="form-row">
        <NameField
          save={create}
          path="label"
          label={t('enrolment.label')}
          placeholder={t('tokens.label.placeholder')}
          value={label}
          onValue={setLabel}
          maxLength={100}
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
    </Form>
  )
}
