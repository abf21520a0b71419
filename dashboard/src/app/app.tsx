import { Skeleton } from '../ui/button.tsx'
import { BrandMark } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Toasts } from '../ui/toast.tsx'
import { EvidenceScreen } from '../views/evidence/evidence-screen.tsx'
import { IncidentScreen } from '../views/incident/incident-screen.tsx'
import { IncidentsScreen } from '../views/incidents/incidents-screen.tsx'
import { NotFoundScreen } from '../views/not-found-screen.tsx'
import { SetupScreen } from '../views/setup/setup-screen.tsx'
import { SignInScreen } from '../views/sign-in/sign-in-screen.tsx'
import { WallScreen } from '../views/wall/wall-screen.tsx'
import { lazyScreen } from './lazy-screen.tsx'
import { route } from './navigation.ts'
import type { Route } from './router.ts'
import { sessionState, startSession } from './session.ts'
import { Shell } from './shell.tsx'

const server = lazyScreen(async () => (await import('../views/server/server-screen.tsx')).ServerScreen)
const devices = lazyScreen(async () => (await import('../views/devices/devices-screen.tsx')).DevicesScreen)
const addDevice = lazyScreen(async () => (await import('../views/devices/add-screen.tsx')).AddScreen)
const device = lazyScreen(async () => (await import('../views/device/device-screen.tsx')).DeviceScreen)
const duties = lazyScreen(async () => (await import('../views/duties/duties-screen.tsx')).DutiesScreen)
const duty = lazyScreen(async () => (await import('../views/duties/duty-screen.tsx')).DutyScreen)
const calendar = lazyScreen(async () => (await import('../views/duties/calendar-screen.tsx')).CalendarScreen)
const exemptions = lazyScreen(async () => (await import('../views/duties/exemptions-screen.tsx')).ExemptionsScreen)
const registers = lazyScreen(async () => (await import('../views/registers/registers-screen.tsx')).RegistersScreen)
const record = lazyScreen(async () => (await import('../views/registers/record-screen.tsx')).RecordScreen)
const network = lazyScreen(async () => (await import('../views/network/network-screen.tsx')).NetworkScreen)
const agency = lazyScreen(async () => (await import('../views/network/agency-screen.tsx')).AgencyScreen)
const link = lazyScreen(async () => (await import('../views/network/link-screen.tsx')).LinkScreen)
const backups = lazyScreen(async () => (await import('../views/backups/backups-screen.tsx')).BackupsScreen)
const dataset = lazyScreen(async () => (await import('../views/backups/dataset-screen.tsx')).DatasetScreen)
const settings = lazyScreen(async () => (await import('../views/settings/settings-screen.tsx')).SettingsScreen)

/** Brings the rest of the code once the first screen stands. */
export function fetchScreens(): void {
  const later = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2_000))
  later(() => {
    void server.fetch()
    const screens = [
      ...[devices, device, network, link, backups, dataset, settings],
      ...[duties, duty, calendar, exemptions, registers, record],
    ]
    for (const screen of screens) void screen.fetch()
  })
}

/** Which screen stands: by address, and by whether someone is signed in. */
export function App() {
  const state = sessionState.value
  const where = route.value
  if (state.kind === 'starting')
    return (
      <main class="gate">
        <BrandMark />
        <Skeleton rows={2} />
      </main>
    )
  if (state.kind === 'failed')
    return (
      <main class="gate">
        <BrandMark />
        <ErrorNotice error={state.error} onRetry={() => void startSession()} />
      </main>
    )
  if (where.screen === 'setup' && state.kind === 'signed-out') return <SetupScreen />
  if (state.kind === 'signed-out') return <SignInScreen />
  return (
    <>
      <Shell>
        <Screen route={where} />
      </Shell>
      <Toasts />
    </>
  )
}

function Screen({ route: where }: { route: Route }) {
  switch (where.screen) {
    case 'wall':
    case 'sign-in':
    case 'setup':
      return <WallScreen />
    case 'server':
      return <server.Screen key={where.id} id={where.id} />
    case 'devices':
      return <devices.Screen />
    case 'add-device':
      return <addDevice.Screen />
    case 'device':
      return <device.Screen key={where.id} id={where.id} />
    case 'network':
      return <network.Screen section={where.section} />
    case 'agency':
      return <agency.Screen key={where.id} id={where.id} />
    case 'link':
      return <link.Screen key={where.id} id={where.id} />
    case 'backups':
      return <backups.Screen section={where.section} />
    case 'dataset':
      return <dataset.Screen key={where.id} id={where.id} />
    case 'incidents':
      return <IncidentsScreen />
    case 'incident':
      return <IncidentScreen key={where.id} id={where.id} />
    case 'evidence':
      return <EvidenceScreen key={where.id} id={where.id} />
    case 'duties':
      return <duties.Screen />
    case 'duty':
      return <duty.Screen key={where.id} id={where.id} />
    case 'duty-calendar':
      return <calendar.Screen />
    case 'exemptions':
      return <exemptions.Screen />
    case 'registers':
      return <registers.Screen />
    case 'register-record':
      return <record.Screen key={where.id} id={where.id} />
    case 'settings':
      return <settings.Screen section={where.section} />
    case 'not-found':
      return <NotFoundScreen />
  }
}
