import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { describeSeriesStore, type OpenedStore } from './contract.ts'
import { describeSeriesQueries } from './contract-queries.ts'
import type { PushedClock } from './support.ts'

async function open(clock: PushedClock): Promise<OpenedStore> {
  const store = createMemorySeriesStore({ now: clock.now })
  return { store, dispose: () => store.close() }
}

describeSeriesStore('memory', open)
describeSeriesQueries('memory', open)
