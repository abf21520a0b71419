import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAssignments } from '../../../agent/assignments/parse-assignments.ts'
import { parseProbeTarget } from '../../../agent/assignments/parse-probes.ts'
import { probeTarget } from '../../../protocol/probes.ts'

const ID = '0190a7f0-0000-7000-8000-000000000001'
const CHECKS = [
  { kind: 'icmp', address: '192.0.2.1' },
  { kind: 'tcp', host: 'router.example.id', port: 8291 },
  { kind: 'http', url: 'https://example.id/status?x=1' },
  {
    ...{ kind: 'http', url: 'http://192.0.2.1:8080', method: 'HEAD', statuses: [204], redirects: 'stay' },
    ...{ certificate: 'accept-any', keyword: { text: 'ok', is: 'absent' }, jsonPath: { path: 'a.0', equals: '' } },
  },
  { kind: 'dns', name: 'example.id', type: 'NS', server: '2001:db8::53', expected: ['ns1.example.id'] },
  { kind: 'tls', host: 'example.id', port: 8443, serverName: 'www.example.id' },
]
const targets = CHECKS.map(check => probeTarget.parse({ id: ID, subject: ID, name: 'a:1', check, parents: [ID] }))

/** Values that stand where none should. */
const odd = fc.oneof(
  fc.constantFrom('', '-f', 'a b', 'ftp://x/', 'fe80::1%eth0', 'A', 'x'.repeat(600), null, -1, 0, 1.5, 70_000),
  ...[fc.jsonValue(), fc.constant([]), fc.constant({})],
)

describe('a probe that an agent is given', () => {
  it('is taken as the protocol has it', () => {
    for (const target of targets) expect(parseProbeTarget(JSON.parse(JSON.stringify(target)))).toEqual(target)
    expect(parseAssignments({ probes: targets })).toEqual({ probes: targets })
    expect(parseAssignments({ probes: [...targets, {}] })).toBeUndefined()
  })

  it('with anything else in any place is judged as the protocol judges it', () => {
    const changed = fc.constantFrom(...targets).chain(target => {
      const ownPlaces = Object.keys(target).map(name => [name])
      const places = [...ownPlaces, ...Object.keys(target.check).map(name => ['check', name])]
      return fc.record({ target: fc.constant(target), place: fc.constantFrom(...places), value: odd })
    })
    fc.assert(
      fc.property(changed, ({ target, place, value }) => {
        const [first = '', second] = place
        const made =
          second === undefined
            ? { ...target, [first]: value }
            : { ...target, check: { ...target.check, [second]: value } }
        const judged = probeTarget.safeParse(made)
        // Nothing that the collector's own schema refuses gets in, and all that it writes is taken.
        if (!judged.success) expect(parseProbeTarget(made)).toBeUndefined()
        else if (JSON.stringify(judged.data) === JSON.stringify(made)) expect(parseProbeTarget(made)).toEqual(made)
      }),
      { numRuns: 1_000 },
    )
  })

  it('has no field too many', () => {
    expect(parseProbeTarget({ ...targets[0], command: 'id' })).toBeUndefined()
    expect(parseProbeTarget({ ...targets[0], check: { kind: 'exec' } })).toBeUndefined()
  })
})
