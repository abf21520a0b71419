import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'

/** The last cell of a token: why it is at its end, or how to end it. */
export function RevokeCell({ ended, onRevoke }: { ended: string | null; onRevoke: () => void }) {
  if (ended !== null) return <div class="table-actions faint">{ended}</div>
  return (
    <div class="table-actions">
      <Button size="small" onClick={onRevoke}>
        {t('enrolment.revoke')}
      </Button>
    </div>
  )
}
