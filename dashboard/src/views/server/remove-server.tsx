import { useState } from 'preact/hooks'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { navigate } from '../../app/navigation.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.tsx'

/** Takes a server off the wall, after asking. */
export function RemoveServer({ tile }: { tile: ServerTile }) {
  const [asking, setAsking] = useState(false)
  const remove = useAction(async () => {
    await call('removeServer', { params: { id: tile.id } })
    toast(t('remove.done', { name: tile.name }))
    navigate('/')
  })
  if (!may('agents:write')) return null
  return (
    <div class="server-end">
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {t('remove.action')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('remove.title', { name: tile.name })}
          text={t('remove.text')}
          action={t('remove.action')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() => void remove.run()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}
