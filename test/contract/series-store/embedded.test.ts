import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { describeSeriesStore, type OpenedStore } from './contract.ts'
import { describeSeriesQueries } from './contract-queries.ts'
import { type PushedClock, temporaryDirectory } from './support.ts'

async function open(clock: PushedClock): Promise<OpenedStore> {
  const directory = temporaryDirectory()
  const store = await createEmbeddedSeriesStore({ directory: directory.path, now: clock.now })
  return {
    store,
    async dispose() {
      await store.close()
      directory.remove()
    },
  }
}

describeSeriesStore('embedded', open)
describeSeriesQueries('embedded', open)
