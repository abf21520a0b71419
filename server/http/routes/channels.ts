import { listChannelKinds, listChannels, readChannel } from '../../notify/channel-queries.ts'
import { createChannel } from '../../notify/create-channel.ts'
import { removeChannel } from '../../notify/remove-channel.ts'
import { testChannel } from '../../notify/test-channel.ts'
import { updateChannel } from '../../notify/update-channel.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'

export const channelRoutes: readonly Route[] = [
  readRoute('channelKinds', () => ({ kinds: listChannelKinds() })),
  readRoute('channels', async services => ({ channels: await listChannels(services) })),
  verbRoute('createChannel', createChannel, (services, _context, { id }) => readChannel(services, id)),
  verbRoute('updateChannel', updateChannel, (services, { params }) => readChannel(services, params.id ?? '')),
  verbRoute('removeChannel', removeChannel, () => ({})),
  verbRoute('testChannel', testChannel, () => ({})),
]
