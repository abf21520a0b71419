import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { describeSeriesStore } from './contract.ts'
import { temporaryDirectory } from './support.ts'

describeSeriesStore('embedded', async clock => {
  const directory = temporaryDirectory()
  const store = await createEmbeddedSeriesStore({ directory: directory.path, now: clock.now })
  return {
    store,
    async dispose() {
      await store.close()
      directory.remove()
    },
  }
})
