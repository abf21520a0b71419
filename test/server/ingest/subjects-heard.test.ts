import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packBatch, unpackBatch } from '../../../server/ingest/decode-batch.ts'
import { createLookedAt } from '../../../server/ingest/looked-at.ts'
import { shapeOf } from '../../../server/ingest/series-shapes.ts'
import { hearingOfOwn, hearingOfSubjects } from '../../../server/ingest/subjects-heard.ts'

const round = (subjectId: string, at: number, answered: 0 | 1) => ({
  key: { subjectId, metric: 'snmp_up', labels: {}, agentId: 'poller' },
  samples: [[at, answered]] as [number, number][],
})

it('a device that did not answer was asked, unless its poller had no network itself', () => {
  const entries = [round('answers', 1_000, 1), round('silent', 1_000, 0)]
  const told = { ownId: 'own', receivedAt: 2_000, correctedByMs: 0 }
  const askedAt = (isBlind: boolean) => hearingOfSubjects(entries, { ...told, isBlind }).map(({ polledAt }) => polledAt)
  expect(askedAt(false)).toEqual([1_000, 1_000])
  expect(askedAt(true)).toEqual([1_000, null])
})

it('a batch that is of one device only is heard the same way from its columns', () => {
  const speaker = { subjectId: 'own', agentId: 'agent' }
  const metric = fc.constantFrom('node_load1', 'node_boot_time_seconds', 'probe_self_ok', 'interface_oper_status')
  const told = fc.array(fc.tuple(metric, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
  })
  fc.assert(
    fc.property(told, fc.constantFrom(0, 7_000), fc.integer({ min: 0, max: 5 }), (list, skewMs, receivedAt) => {
      const series = list.map(([name, at, value], place) => ({
        ...{ kind: 'gauge' as const, metric: name, labels: { place: String(place) } },
        points: [[at, value]] as [number, number][],
      }))
      const head = { wire: 1, agentVersion: '1', spool: 's', number: 1, intervalMs: 10_000 } as const
      const packed = packBatch({ ...head, series }, shapeOf(series), skewMs)
      const how = { ownId: 'own', receivedAt, correctedByMs: packed.correctedByMs, isBlind: false }
      const { entries } = unpackBatch(packed, speaker)
      const some = unpackBatch(packed, speaker, createLookedAt()(packed.shape)).entries
      const [whole] = hearingOfSubjects(entries, how)
      expect(hearingOfOwn(packed.ats, some, how)).toEqual({
        ...whole,
        entries: entries.filter(({ key }) => key.metric !== 'node_load1'),
      })
    }),
  )
})
