import { wall } from '../live/live-state.ts'
import { pathOf } from './router.ts'

/** Where the page of a subject is; null for one that has none. A device that is asked from elsewhere has its own kind of page. */
export function subjectPath({ id, kind }: { id: string; kind?: string | undefined }): string | null {
  switch (kind) {
    case 'link':
    case 'dataset':
    case 'agency':
      return pathOf({ screen: kind, id })
    case 'city':
    case 'site':
    case 'service':
    case 'application':
      return null
    default:
      return pathOf({ screen: wall.value?.servers.find(one => one.id === id)?.isPolled ? 'device' : 'server', id })
  }
}
