import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { call } from '../../api/call.ts'
import { navigate } from '../../app/navigation.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { useConfirmed } from '../../ui/confirmed.tsx'
import { toast } from '../../ui/toast.tsx'

/** Takes a server off the wall, after asking. */
export function RemoveServer({ tile }: { tile: ServerTile }) {
  const remove = useConfirmed(
    async () => {
      await call('removeServer', { params: { id: tile.id } })
      toast(t('remove.done', { name: tile.name }))
      navigate('/')
    },
    () => ({
      title: t('remove.title', { name: tile.name }),
      text: t('remove.text'),
      action: t('remove.action'),
    }),
  )
  if (!may('agents:write')) return null
  return (
    <div class="server-end">
      <Button kind="quiet" onClick={() => remove.ask(null)}>
        {t('remove.action')}
      </Button>
      {remove.dialog}
    </div>
  )
}
