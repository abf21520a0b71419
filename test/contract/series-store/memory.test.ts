import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { describeSeriesStore } from './contract.ts'

describeSeriesStore('memory', async clock => {
  const store = createMemorySeriesStore({ now: clock.now })
  return { store, dispose: () => store.close() }
})
