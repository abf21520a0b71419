import type { OwnCopiesView } from '../../../../protocol/own-copies.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { formatBytes } from '../../format/number.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Age, Time } from '../../ui/age.tsx'

const RELOAD_MS = 60_000

/** Whether the watcher itself is backed up: a line when it is, a notice when it is not. */
export function OwnCopyLine() {
  const { data } = useRefreshed('own-copies', signal => call('ownCopies', { signal }), backupsChange, RELOAD_MS)
  if (data === null) return null
  const { state, failed } = data
  const flaws = data.newest?.flaws ?? null
  const isWell = state === 'fresh' && failed === null && flaws === null
  return (
    <p class={isWell ? 'soft own-copy' : 'notice notice-error own-copy'} data-state={state}>
      <span>
        <Newest view={data} />
        {flaws !== null && <> {t('own-copy.flawed', { flaws: pick(flaws) })}</>}
        {failed !== null && <> {t('own-copy.failed', { path: failed.path, reason: pick(failed.reason) })}</>}
      </span>
    </p>
  )
}

function Newest({ view: { state, newest } }: { view: OwnCopiesView }) {
  if (newest === null) return <>{t('own-copy.never')}</>
  return (
    <>
      {t(state === 'old' ? 'own-copy.old' : 'own-copy.fresh')} <Age at={newest.at} /> (
      <Time at={newest.at} style="day-minute" />, {formatBytes(newest.bytes, language.value)},{' '}
      <span class="wrap">{newest.path}</span>).
    </>
  )
}
