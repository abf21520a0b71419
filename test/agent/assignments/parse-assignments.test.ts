import { expect, it } from 'vitest'
import { parseAssignments } from '../../../agent/assignments/parse-assignments.ts'
import { assignments } from '../../../protocol/assignments.ts'

it.each([
  [{ upgrade: [] }],
  [{ upgrade: [{ sequence: 0 }] }],
  [{ upgrade: [{ sequence: 1_764_000_000_000 }] }],
  [{ upgrade: [{ sequence: -1 }] }],
  [{ upgrade: [{ sequence: 1.5 }] }],
  [{ upgrade: [{ sequence: '9' }] }],
  [{ upgrade: [{}] }],
  [{ upgrade: [{ sequence: 9, path: '/etc/passwd' }] }],
  [{ upgrade: [{ sequence: 9 }, { sequence: 10 }] }],
  [{ upgrade: { sequence: 9 } }],
  [{ upgrades: [] }],
])('%j is judged as the contract judges it', value => {
  expect(parseAssignments(value)).toEqual(assignments.safeParse(value).data)
})
