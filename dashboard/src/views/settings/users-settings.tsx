import { useState } from 'preact/hooks'
import type { UserView } from '../../../../protocol/settings-views.ts'
import { ROLES } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { session } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { NewUser, PasswordOfUser } from './user-forms.tsx'

type Asked = { user: UserView; change: 'disable' | 'password' }

export function UsersSettings() {
  const users = useResource('users', signal => call('users', { signal }))
  const [adding, setAdding] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const update = useAction(async (user: UserView, body: { role?: UserView['role']; disabled?: boolean }) => {
    await call('updateUser', { params: { id: user.id }, body })
    toast(t('users.saved', { name: user.name }))
    setAsked(null)
    users.reload()
  })
  const rows = users.data?.users ?? []
  const own = session.value?.user.id
  const close = () => {
    setAsked(null)
    update.clear()
  }
  return (
    <>
      {adding ? (
        <NewUser
          onDone={() => {
            setAdding(false)
            users.reload()
          }}
          onCancel={() => setAdding(false)}
        />
      ) : (
        <div>
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t('users.add')}
          </Button>
        </div>
      )}
      <ErrorNotice error={users.error} onRetry={users.reload} />
      {asked === null && <ErrorNotice error={update.error} />}
      {users.data === null && users.loading && <Skeleton />}
      {rows.length > 0 && (
        <Table
          label={t('settings.users')}
          rows={rows}
          rowKey={user => user.id}
          columns={[
            {
              label: t('users.name'),
              kind: 'head',
              cell: user => (
                <span>
                  {user.displayName}
                  <code class="source">{user.name}</code>
                </span>
              ),
            },
            {
              label: t('users.role'),
              cell: user => (
                <select
                  class="input"
                  aria-label={t('users.role.of', { name: user.name })}
                  value={user.role}
                  disabled={update.busy || user.id === own}
                  onChange={event => {
                    const role = ROLES.find(one => one === event.currentTarget.value)
                    if (role !== undefined) void update.run(user, { role })
                  }}
                >
                  {ROLES.map(role => (
                    <option key={role} value={role}>
                      {t(`role.${role}`)}
                    </option>
                  ))}
                </select>
              ),
            },
            { label: t('users.last-login'), cell: user => <Age at={user.lastLoginAt} /> },
            {
              label: t('users.state'),
              cell: user =>
                user.disabledAt === null ? t('users.active') : <strong class="tone-down">{t('users.disabled')}</strong>,
            },
            {
              label: '',
              cell: user =>
                user.id !== own && (
                  <div class="table-actions">
                    <Button size="small" onClick={() => setAsked({ user, change: 'password' })}>
                      {t('users.password')}
                    </Button>
                    {user.disabledAt === null ? (
                      <Button size="small" onClick={() => setAsked({ user, change: 'disable' })}>
                        {t('users.disable')}
                      </Button>
                    ) : (
                      <Button
                        size="small"
                        busy={update.busy}
                        onClick={() => void update.run(user, { disabled: false })}
                      >
                        {t('users.enable')}
                      </Button>
                    )}
                  </div>
                ),
            },
          ]}
        />
      )}
      {asked?.change === 'disable' && (
        <ConfirmDialog
          title={t('users.disable.title', { name: asked.user.displayName })}
          text={t('users.disable.text')}
          action={t('users.disable')}
          busy={update.busy}
          error={update.error}
          onConfirm={() => void update.run(asked.user, { disabled: true })}
          onClose={close}
        />
      )}
      {asked?.change === 'password' && <PasswordOfUser user={asked.user} onClose={close} />}
    </>
  )
}
