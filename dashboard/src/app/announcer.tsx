import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { SubjectState } from '../../../protocol/vocabulary.ts'
import { t } from '../i18n/translate.ts'
import { effectiveState } from '../live/effective-state.ts'
import { wall } from '../live/live-state.ts'
import { now } from './clock.ts'

/** More than so many at once are told as a number: nobody can listen to forty names. */
const NAMED_AT_MOST = 3
const announcement = signal('')

/** Tells a screen reader what changed its state, on whichever screen it happens. */
export function Announcer() {
  const before = useRef<Map<string, SubjectState> | null>(null)
  const servers = wall.value?.servers
  const at = now.value
  useEffect(() => {
    if (servers === undefined) return
    const after = new Map(servers.map(server => [server.id, effectiveState(server, at)]))
    const known = before.current
    before.current = after
    if (known === null) return
    const changed = servers.filter(server => known.has(server.id) && known.get(server.id) !== after.get(server.id))
    if (changed.length === 0) return
    announcement.value =
      changed.length > NAMED_AT_MOST
        ? t('announce.many', { n: changed.length })
        : changed.map(server => `${server.name}: ${t(`state.${after.get(server.id) ?? server.state}`)}`).join('. ')
  }, [servers, at])
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {announcement.value}
    </div>
  )
}
