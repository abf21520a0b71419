import { expect, it } from 'vitest'
import { hearingOfSubjects } from '../../../server/ingest/subjects-heard.ts'

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
