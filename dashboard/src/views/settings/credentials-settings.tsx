import { useState } from 'preact/hooks'
import type { CredentialView } from '../../../../protocol/device-calls.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { CredentialForm, credentialText } from '../devices/credential-form.tsx'

const USERS_SHOWN = 5

/** What opens the devices: made, changed and removed here, never shown. */
export function CredentialsSettings() {
  const credentials = useResource('credentials', signal => call('credentials', { signal }))
  const [changed, setChanged] = useState<CredentialView | null>(null)
  const [asked, setAsked] = useState<CredentialView | null>(null)
  // A new form for each new one: what was typed stays nowhere.
  const [made, setMade] = useState(0)
  const remove = useAction(async (credential: CredentialView) => {
    await call('removeCredential', { params: { id: credential.id } })
    toast(t('credentials.removed', { name: credential.name }))
    setAsked(null)
    credentials.reload()
  })
  const rows = credentials.data?.credentials ?? []
  return (
    <>
      <p class="soft">{t('credentials.text')}</p>
      <CredentialForm
        key={made}
        present={null}
        onKept={({ name }) => {
          toast(t('credentials.made', { name }))
          setMade(made + 1)
          credentials.reload()
        }}
      />
      <ErrorNotice error={credentials.error} onRetry={credentials.reload} />
      {credentials.data === null && credentials.loading && <Skeleton rows={2} />}
      {credentials.data !== null && rows.length === 0 && <EmptyState title={t('credentials.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('settings.credentials')}
          rows={rows}
          rowKey={row => row.id}
          columns={[
            {
              label: t('credentials.name'),
              kind: 'head',
              cell: row => (
                <span>
                  {row.name}
                  <span class="source">{credentialText(row)}</span>
                </span>
              ),
            },
            { label: t('credentials.used-by'), cell: row => <UsedBy credential={row} /> },
            { label: t('credentials.last-change'), cell: row => <Time at={row.changedAt} style="date" /> },
            {
              label: '',
              cell: row => (
                <div class="table-actions">
                  <Button size="small" onClick={() => setChanged(row)}>
                    {t('credentials.change')}
                  </Button>
                  <Button size="small" disabled={row.usedBy.length > 0} onClick={() => setAsked(row)}>
                    {t('credentials.remove')}
                  </Button>
                </div>
              ),
            },
          ]}
        />
      )}
      {changed !== null && (
        <Dialog title={`${t('credentials.change')}: ${changed.name}`} onClose={() => setChanged(null)}>
          <CredentialForm
            present={changed}
            onCancel={() => setChanged(null)}
            onKept={({ name }) => {
              toast(t('credentials.changed', { name }))
              setChanged(null)
              credentials.reload()
            }}
          />
        </Dialog>
      )}
      {asked !== null && (
        <ConfirmDialog
          title={t('credentials.remove.title', { name: asked.name })}
          text={t('credentials.remove.text')}
          action={t('credentials.remove')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() => void remove.run(asked)}
          onClose={() => {
            setAsked(null)
            remove.clear()
          }}
        />
      )}
    </>
  )
}

function UsedBy({ credential }: { credential: CredentialView }) {
  const { usedBy } = credential
  const more = usedBy.length - USERS_SHOWN
  if (usedBy.length === 0) return <span class="faint">{t('credentials.used-by.none')}</span>
  return (
    <span>
      {usedBy.slice(0, USERS_SHOWN).map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link to={pathOf({ screen: 'device', id })}>{name}</Link>
        </span>
      ))}
      {more > 0 && <span class="faint"> {t('credentials.used-by.more', { n: more })}</span>}
    </span>
  )
}
