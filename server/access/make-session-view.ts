import type { SessionView } from '../../protocol/session-views.ts'
import { ROLE_PERMISSIONS } from '../../protocol/vocabulary.ts'
import type { SessionUser } from './sessions.ts'

/** What a page knows of who is signed in and where. */
export function makeSessionView(
  user: SessionUser,
  city: Pick<SessionView, 'timeZone' | 'place' | 'language' | 'version'>,
): SessionView {
  const { timeZone, place, language, version } = city
  return {
    user: { id: user.id, name: user.name, role: user.role },
    permissions: [...ROLE_PERMISSIONS[user.role]],
    timeZone,
    place,
    language,
    version,
  }
}
