import { render } from 'preact'
import './ui/tokens.css'
import './ui/base.css'
import { setUnauthenticatedHandler } from './api/call.ts'
import { App, fetchScreens } from './app/app.tsx'
import { startClock } from './app/clock.ts'
import { startKeepingFocus } from './app/keep-focus.ts'
import { startKeyboard } from './app/keyboard.ts'
import { startLive } from './app/live.ts'
import { startNavigation } from './app/navigation.ts'
import { readLanguage } from './app/preferences.ts'
import { goToSignIn, startSession } from './app/session.ts'
import { startTheme } from './app/theme.ts'
import { language } from './i18n/translate.ts'

language.value = readLanguage() ?? language.value
setUnauthenticatedHandler(goToSignIn)
startTheme()
startClock()
startNavigation()
startKeyboard()
startKeepingFocus()
startLive()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
void startSession().then(fetchScreens)
