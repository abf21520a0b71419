import { useState } from 'preact/hooks'
import type { UserView } from '../../../../protocol/settings-views.ts'
import { ROLES } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { session } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { LoadedTable } from '../../ui/loaded-table.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { NewUser, PasswordOfUser } from './user-forms.tsx'

export function UsersSettings() {
  const users = useResource('users', signal => call('users', { signal }))
  const [adding, setAdding] = useState(false)
  const [asked, setAsked] = useState<UserView | null>(null)
  const update = useAction(async (user: UserView, body: { role?: UserView['role']; disabled?: boolean }) => {
    await call('updateUser', { params: { id: user.id }, body })
    toast(t('users.saved', { name: user.name }))
    users.reload()
  })
  const disable = useConfirmed(
    async (user: UserView) => {
      await call('updateUser', { params: { id: user.id }, body: { disabled: true } })
      toast(t('users.saved', { name: user.name }))
      users.reload()
    },
    ({ displayName }) => ({
      title: t('users.disable.title', { name: displayName }),
      text: t('users.disable.text'),
      action: t('users.disable'),
    }),
  )
  const own = session.value?.user.id
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
      <ErrorNotice error={update.error} />
      <LoadedTable
        label={t('settings.users')}
        from={users}
        rowsOf={({ users }) => users}
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
                  <Button size="small" onClick={() => setAsked(user)}>
                    {t('users.password')}
                  </Button>
                  {user.disabledAt === null ? (
                    <Button size="small" onClick={() => disable.ask(user)}>
                      {t('users.disable')}
                    </Button>
                  ) : (
                    <Button size="small" busy={update.busy} onClick={() => void update.run(user, { disabled: false })}>
                      {t('users.enable')}
                    </Button>
                  )}
                </div>
              ),
          },
        ]}
      />
      {disable.dialog}
      {asked !== null && <PasswordOfUser user={asked} onClose={() => setAsked(null)} />}
    </>
  )
}
