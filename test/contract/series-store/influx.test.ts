import { afterAll, beforeAll } from 'vitest'
import { createInfluxSeriesStore } from '../../../server/stores/series/influx/influx-series-store.ts'
import { type Influxd, startInfluxd } from '../../support/influxd.ts'
import { describeSeriesStore, type OpenedStore } from './contract.ts'
import { describeSeriesQueries } from './contract-queries.ts'
import type { PushedClock } from './support.ts'

let influxd: Influxd
let databases = 0
beforeAll(async () => {
  influxd = await startInfluxd({ auth: true })
})
afterAll(() => influxd.remove())

async function open(clock: PushedClock): Promise<OpenedStore> {
  databases += 1
  const { username = null, password = null } = influxd.administrator ?? {}
  const database = `pantau_${databases}`
  const store = createInfluxSeriesStore({ url: influxd.url, database, username, password, now: clock.now })
  return {
    store,
    async dispose() {
      await store.close()
      await influxd.query('', `DROP DATABASE ${database}`)
    },
  }
}

describeSeriesStore('InfluxDB', open)
describeSeriesQueries('InfluxDB', open)
