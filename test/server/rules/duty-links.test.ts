// Duties on links are judged by what probes told of them; a link that nobody watches stays unmeasured.
import { expect, it } from 'vitest'
import { readSnapshot } from '../../../server/rules/duties/read-snapshot.ts'
import { subjectsOf } from '../../../server/rules/duties/subjects-of.ts'
import { loadRegulations } from '../../../server/rules/load-regulations.ts'
import { judgedMonth } from '../../../server/rules/measures/observed.ts'
import { openNetwork } from './network.ts'
import { MINUTE_MS, openWatch } from './watch.ts'

it('a link is judged by its share of the time in which it was seen, one without a probe is not judged', async () => {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const watched = await network.link('Dinkes', { peer: 'site' })
  const national = await network.link('Pusat data nasional', { peer: 'national-data-centre', address: null })
  network.answers.delete(national)
  await network.pass(6 * MINUTE_MS)
  await network.change(watched, false)
  await network.pass(2 * MINUTE_MS)

  const [at, timeZone] = [watch.clock.at, 'Asia/Jakarta']
  const snapshot = await readSnapshot({ records: watch.records, at, timeZone, versions: [], house: null, ports: {} })
  const month = judgedMonth(at, snapshot.today, timeZone)
  const found = snapshot.ports.link(watched, month)
  expect(found?.ratio).toBeGreaterThan(0.7)
  expect(found?.ratio).toBeLessThan(0.8)
  expect(found?.observedMs).toBeGreaterThan(7 * MINUTE_MS)
  expect(snapshot.ports.link(national, month)).toBeNull()

  const { rules } = loadRegulations('config/regulations')
  const onLinks = (role: string) => {
    const rule = rules.find(({ subject, duty }) => subject === 'link' && duty.select?.role === role)
    return rule === undefined ? null : subjectsOf(rule, snapshot).map(({ name }) => name)
  }
  expect(onLinks('intra-network')).toEqual(['Dinkes'])
  expect(onLinks('national-data-centre')).toEqual(['Pusat data nasional'])
})
