import { useState } from 'preact/hooks'
import type { CredentialView } from '../../../../protocol/device-calls.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { toast } from '../../ui/toast.tsx'
import { CredentialForm, credentialText } from '../devices/credential-form.tsx'

const USERS_SHOWN = 5

/** What opens the devices: made, changed and removed here, never shown. */
export function CredentialsSettings() {
  const credentials = useResource('credentials', signal => call('credentials', { signal }))
  const [changed, setChanged] = useState<CredentialView | null>(null)
  // A new form for each new one: what was typed stays nowhere.
  const [made, setMade] = useState(0)
  const remove = useConfirmed(
    async (credential: CredentialView) => {
      await call('removeCredential', { params: { id: credential.id } })
      toast(t('credentials.removed', { name: credential.name }))
      credentials.reload()
    },
    ({ name }) => ({
      title: t('credentials.remove.title', { name }),
      text: t('credentials.remove.text'),
      action: t('credentials.remove'),
    }),
  )
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
      <LoadedTable
        label={t('settings.credentials')}
        from={credentials}
        rowsOf={({ credentials }) => credentials}
        empty={t('credentials.empty')}
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
                <Button size="small" disabled={row.usedBy.length > 0} onClick={() => remove.ask(row)}>
                  {t('credentials.remove')}
                </Button>
              </div>
            ),
          },
        ]}
      />
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
      {remove.dialog}
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
