import { computed, signal } from '@preact/signals'
import type { SessionView, WelcomeView } from '../../../protocol/session-views.ts'
import type { Permission } from '../../../protocol/vocabulary.ts'
import { ApiError } from '../api/api-error.ts'
import { call } from '../api/call.ts'
import { language } from '../i18n/translate.ts'
import { navigate, place, route } from './navigation.ts'
import { readLanguage } from './preferences.ts'

export type SessionState =
  | { kind: 'starting' }
  | { kind: 'failed'; error: ApiError }
  | { kind: 'signed-out' }
  | { kind: 'signed-in'; session: SessionView }

export const sessionState = signal<SessionState>({ kind: 'starting' })
export const welcome = signal<WelcomeView | null>(null)
export const session = computed(() => (sessionState.value.kind === 'signed-in' ? sessionState.value.session : null))
export const timeZone = computed(() => session.value?.timeZone ?? 'Asia/Jakarta')
/** Whose wall it is. A collector that was not told yet calls the place by its own name; that need not stand there twice. */
export const placeName = computed(() => {
  const place = session.value?.place ?? welcome.value?.place ?? ''
  return place === 'Pantau' ? '' : place
})

/** Whether the person may do that. The collector decides anyway; this keeps useless buttons off the screen. */
export function may(permission: Permission): boolean {
  return session.value?.permissions.includes(permission) ?? false
}

export function signedIn(view: SessionView): void {
  sessionState.value = { kind: 'signed-in', session: view }
}

/** Goes to the sign-in page and remembers the way back. */
export function goToSignIn(): void {
  sessionState.value = { kind: 'signed-out' }
  const { screen } = route.value
  if (screen === 'sign-in' || screen === 'setup') return
  const { path, query, hash } = place.value
  const back = `${path}${query}${hash}`
  navigate(back === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(back)}`, 'replace')
}

/** Asks who is signed in: at the start, and whenever the live line says that it is refused. */
export async function readSession(): Promise<void> {
  try {
    signedIn(await call('session'))
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError('unreadable')
    if (error.code === 'unauthenticated') goToSignIn()
    // A page that is already up keeps what it shows; the banner says that the line is gone.
    else if (session.peek() === null) sessionState.value = { kind: 'failed', error }
  }
}

export async function startSession(): Promise<void> {
  sessionState.value = { kind: 'starting' }
  try {
    welcome.value = await call('welcome')
    language.value = readLanguage() ?? welcome.value.language
  } catch (cause) {
    sessionState.value = { kind: 'failed', error: cause instanceof ApiError ? cause : new ApiError('unreadable') }
    return
  }
  await readSession()
}
