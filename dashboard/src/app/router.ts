/** Every screen by its address. A screen that an address cannot name does not exist. */
export const SETTINGS_SECTIONS = [
  'agents',
  'places',
  'writers',
  'credentials',
  'channels',
  'rules',
  'users',
  'tokens',
  'audit',
  'password',
] as const
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]

export const NETWORK_SECTIONS = ['links', 'availability', 'topology', 'maintenance', 'calendars'] as const
export type NetworkSection = (typeof NETWORK_SECTIONS)[number]

export const BACKUP_SECTIONS = ['coverage', 'jobs', 'supervision', 'drc', 'classes'] as const
export type BackupSection = (typeof BACKUP_SECTIONS)[number]

export type Route =
  | { screen: 'wall' }
  | { screen: 'setup' }
  | { screen: 'sign-in' }
  | { screen: 'server'; id: string }
  | { screen: 'devices' }
  | { screen: 'add-device' }
  | { screen: 'device'; id: string }
  | { screen: 'network'; section: NetworkSection }
  | { screen: 'link'; id: string }
  | { screen: 'backups'; section: BackupSection }
  | { screen: 'dataset'; id: string }
  | { screen: 'agency'; id: string }
  | { screen: 'incidents' }
  | { screen: 'incident'; id: string }
  | { screen: 'evidence'; id: string }
  | { screen: 'duties' }
  | { screen: 'duty-calendar' }
  | { screen: 'exemptions' }
  | { screen: 'duty'; id: string }
  | { screen: 'registers' }
  | { screen: 'register-record'; id: string }
  | { screen: 'settings'; section: SettingsSection | null }
  | { screen: 'not-found' }

/** The screen of a path; a trailing slash does not matter, a malformed escape is not found. */
export function matchRoute(path: string): Route {
  const parts = path.split('/').filter(part => part !== '')
  const [first, second] = parts
  if (parts.length === 0) return { screen: 'wall' }
  if (parts.length === 1) {
    if (
      first === 'setup' ||
      first === 'sign-in' ||
      first === 'incidents' ||
      first === 'devices' ||
      first === 'duties' ||
      first === 'registers'
    )
      return { screen: first }
    if (first === 'network') return { screen: 'network', section: 'links' }
    if (first === 'backups') return { screen: 'backups', section: 'coverage' }
    if (first === 'settings') return { screen: 'settings', section: null }
  }
  if (parts.length === 2 && second !== undefined) {
    if (first === 'settings') {
      const section = SETTINGS_SECTIONS.find(candidate => candidate === second)
      return section === undefined ? { screen: 'not-found' } : { screen: 'settings', section }
    }
    if (first === 'network') {
      const section = NETWORK_SECTIONS.find(candidate => candidate === second)
      return section === undefined ? { screen: 'not-found' } : { screen: 'network', section }
    }
    if (first === 'backups') {
      const section = BACKUP_SECTIONS.find(candidate => candidate === second)
      return section === undefined ? { screen: 'not-found' } : { screen: 'backups', section }
    }
    if (first === 'devices' && second === 'new') return { screen: 'add-device' }
    if (first === 'duties' && second === 'calendar') return { screen: 'duty-calendar' }
    if (first === 'duties' && second === 'exemptions') return { screen: 'exemptions' }
    const id = decode(second)
    if (id !== null && first === 'servers') return { screen: 'server', id }
    if (id !== null && first === 'devices') return { screen: 'device', id }
    if (id !== null && first === 'links') return { screen: 'link', id }
    if (id !== null && first === 'datasets') return { screen: 'dataset', id }
    if (id !== null && first === 'agencies') return { screen: 'agency', id }
    if (id !== null && first === 'incidents') return { screen: 'incident', id }
    if (id !== null && first === 'evidence') return { screen: 'evidence', id }
    if (id !== null && first === 'duties') return { screen: 'duty', id }
    if (id !== null && first === 'registers') return { screen: 'register-record', id }
  }
  return { screen: 'not-found' }
}

/** The path of a screen: what `matchRoute` reads back. */
export function pathOf(route: Exclude<Route, { screen: 'not-found' }>): string {
  switch (route.screen) {
    case 'wall':
      return '/'
    case 'server':
      return `/servers/${encodeURIComponent(route.id)}`
    case 'device':
      return `/devices/${encodeURIComponent(route.id)}`
    case 'add-device':
      return '/devices/new'
    case 'network':
      return `/network/${route.section}`
    case 'backups':
      return `/backups/${route.section}`
    case 'dataset':
      return `/datasets/${encodeURIComponent(route.id)}`
    case 'link':
      return `/links/${encodeURIComponent(route.id)}`
    case 'agency':
      return `/agencies/${encodeURIComponent(route.id)}`
    case 'incident':
      return `/incidents/${encodeURIComponent(route.id)}`
    case 'evidence':
      return `/evidence/${encodeURIComponent(route.id)}`
    case 'duty':
      return `/duties/${encodeURIComponent(route.id)}`
    case 'register-record':
      return `/registers/${encodeURIComponent(route.id)}`
    case 'duty-calendar':
      return '/duties/calendar'
    case 'exemptions':
      return '/duties/exemptions'
    case 'settings':
      return route.section === null ? '/settings' : `/settings/${route.section}`
    default:
      return `/${route.screen}`
  }
}

/** Where to go after signing in: only a path of this very site, so a crafted link cannot lead away. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/'
  const screen = matchRoute(next.split(/[?#]/)[0] ?? '/').screen
  return screen === 'sign-in' || screen === 'setup' ? '/' : next
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}
