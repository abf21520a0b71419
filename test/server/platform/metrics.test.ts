import { expect, it } from 'vitest'
import { createMetrics } from '../../../server/platform/metrics.ts'

it('counts by labels, whatever their order', async () => {
  const metrics = createMetrics()
  const batches = metrics.counter('pantau_batches_total', 'Batches by outcome.')
  batches.add({ outcome: 'accepted', lane: 'fresh' })
  batches.add({ lane: 'fresh', outcome: 'accepted' }, 2)
  batches.add({ outcome: 'refused' })
  batches.add()
  expect(await metrics.text()).toBe(
    [
      '# HELP pantau_batches_total Batches by outcome.',
      '# TYPE pantau_batches_total counter',
      'pantau_batches_total{outcome="accepted",lane="fresh"} 3',
      'pantau_batches_total{outcome="refused"} 1',
      'pantau_batches_total 1',
      '',
    ].join('\n'),
  )
})

it('reads gauges when it is asked, now or after a while', async () => {
  const metrics = createMetrics()
  let pages = 1
  metrics.gauge('pantau_pages', 'Open pages.', () => pages)
  metrics.gauge('pantau_disk_bytes', 'Bytes by file.', async () => [{ labels: { file: 'a' }, value: 5 }])
  expect(await metrics.text()).toContain('pantau_pages 1\n')
  pages = 7
  const text = await metrics.text()
  expect(text).toContain('pantau_pages 7\n')
  expect(text).toContain('# TYPE pantau_disk_bytes gauge\npantau_disk_bytes{file="a"} 5\n')
})

it('writes values and labels as the text format wants them', async () => {
  const metrics = createMetrics()
  const label = (value: string) => ({ labels: { name: value }, value: 1 })
  metrics.gauge('pantau_odd', 'Odd ones.', () => [label('a"b\\c\nd'), label('Kéren 🚀')])
  metrics.gauge('pantau_far', 'Far.', () => Number.POSITIVE_INFINITY)
  metrics.gauge('pantau_near', 'Near.', () => Number.NEGATIVE_INFINITY)
  metrics.gauge('pantau_none', 'None.', () => Number.NaN)
  const text = await metrics.text()
  expect(text).toContain('pantau_odd{name="a\\"b\\\\c\\nd"} 1\n')
  expect(text).toContain('pantau_odd{name="Kéren 🚀"} 1\n')
  expect(text).toContain('pantau_far +Inf\n')
  expect(text).toContain('pantau_near -Inf\n')
  expect(text).toContain('pantau_none NaN\n')
})

it('one figure that cannot be read does not take the others with it', async () => {
  const metrics = createMetrics()
  metrics.gauge('pantau_broken', 'Broken.', () => Promise.reject(new Error('the store is closed')))
  metrics.gauge('pantau_worse', 'Worse.', () => {
    throw new Error('at once')
  })
  metrics.gauge('pantau_pages', 'Open pages.', () => 3)
  const text = await metrics.text()
  expect(text).toContain('pantau_pages 3\n')
  expect(text).not.toMatch(/^pantau_(broken|worse)/m)
})

it('a name is taken once', () => {
  const metrics = createMetrics()
  metrics.counter('pantau_x_total', 'X.')
  expect(() => metrics.gauge('pantau_x_total', 'X.', () => 1)).toThrow('pantau_x_total is there already')
})
