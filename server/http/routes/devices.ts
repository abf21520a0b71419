import { addDevices } from '../../inventory/add-devices.ts'
import { createCredential } from '../../inventory/create-credential.ts'
import { listCredentials, readCredential } from '../../inventory/credential-queries.ts'
import { probeDevices } from '../../inventory/probe-devices.ts'
import { rediscoverDevice } from '../../inventory/rediscover-device.ts'
import { removeCredential } from '../../inventory/remove-credential.ts'
import { resumeSweep } from '../../inventory/resume-sweep.ts'
import { settleIdentity } from '../../inventory/settle-identity.ts'
import { listSweeps } from '../../inventory/sweeps.ts'
import { updateCredential } from '../../inventory/update-credential.ts'
import { updateDevice } from '../../inventory/update-device.ts'
import { listDevices, readDevice, readInterfaceHistory } from '../../views/device-view.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const deviceRoutes: readonly Route[] = [
  readRoute('devices', async (services, { at }) => ({ devices: await listDevices(services, at) })),
  readRoute('device', (services, { params, at }) => readDevice(services, params.id ?? '', at)),
  readRoute('interfaceHistory', async (services, { params, query, at }) => ({
    intervals: await readInterfaceHistory(services, params.id ?? '', query, at),
  })),
  verbRoute('addDevices', addDevices, async ({ roster }, _context, { added, known }) => {
    for (const { id } of added) await roster.refresh(id)
    return { added, known }
  }),
  verbRoute('updateDevice', updateDevice, async ({ roster }, { params }) => {
    await roster.refresh(params.id ?? '')
    return {}
  }),
  verbRoute('probeDevices', probeDevices, (_services, _context, task) => task),
  readRoute('sweeps', async ({ records }, { at }) => ({ sweeps: await listSweeps(records, at) })),
  verbRoute('resumeSweep', resumeSweep, (_services, _context, task) => task),
  verbRoute('rediscoverDevice', rediscoverDevice, (_services, _context, task) => task),
  verbRoute('settleIdentity', settleIdentity, () => ({})),
  readRoute('credentials', async ({ records }) => ({ credentials: await listCredentials(records) })),
  verbRoute('createCredential', createCredential, ({ records }, _context, { id }) => readCredential(records, id)),
  verbRoute('updateCredential', updateCredential, ({ records }, _context, { id }) => readCredential(records, id)),
  verbRoute('removeCredential', removeCredential, () => ({})),
]
