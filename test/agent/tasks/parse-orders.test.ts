import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseOrders } from '../../../agent/tasks/parse-orders.ts'
import type { OfferedCredential, SnmpCredential, SnmpTarget } from '../../../protocol/snmp.ts'
import { AUTH_PROTOCOLS, PRIVACY_PROTOCOLS } from '../../../protocol/snmp-words.ts'
import { agentOrders, type TaskOrder } from '../../../protocol/tasks.ts'

const id = fc.uuid({ version: 7 })
const address = fc.oneof(fc.ipV4(), fc.ipV6())
const port = fc.integer({ min: 1, max: 65_535 })
const key = <P extends string>(protocols: readonly P[]) =>
  fc.record({ protocol: fc.constantFrom(...protocols), key: fc.string({ minLength: 8, maxLength: 128 }) })
const user = fc.string({ minLength: 1, maxLength: 32 })
const v3 = { version: fc.constant('v3' as const), user }
const credential: fc.Arbitrary<SnmpCredential> = fc.oneof(
  fc.record({
    version: fc.constantFrom('v1' as const, 'v2c' as const),
    community: fc.string({ minLength: 1, maxLength: 64 }),
  }),
  fc.record({ ...v3, level: fc.constant('noAuth' as const) }),
  fc.record({ ...v3, level: fc.constant('auth' as const), auth: key(AUTH_PROTOCOLS) }),
  fc.record({
    ...{ ...v3, level: fc.constant('authPriv' as const) },
    ...{ auth: key(AUTH_PROTOCOLS), privacy: key(PRIVACY_PROTOCOLS) },
  }),
)
const asking = {
  port,
  timeoutMs: fc.integer({ min: 200, max: 10_000 }),
  retries: fc.integer({ min: 0, max: 5 }),
}
const target: fc.Arbitrary<SnmpTarget> = fc.record({
  ...{ deviceId: id, address, credential, ...asking },
  intervalMs: fc.integer({ min: 5_000, max: 3_600_000 }),
  trapPort: fc.option(port),
})
const credentials: fc.Arbitrary<OfferedCredential[]> = fc.array(fc.record({ id, credential }), {
  ...{ minLength: 1, maxLength: 3 },
})
const order: fc.Arbitrary<TaskOrder> = fc.oneof(
  fc.record({ kind: fc.constant('rediscover' as const), deviceId: id }),
  fc.record({ kind: fc.constant('snmp-test' as const), address, credentials, ...asking }),
  fc.record({
    ...{ kind: fc.constant('discover' as const), credentials, ...asking },
    addresses: fc.array(address, { minLength: 1, maxLength: 5 }),
    perSecond: fc.integer({ min: 1, max: 200 }),
  }),
  fc.constant<TaskOrder>({ kind: 'refresh-facts' }),
  fc.record({
    kind: fc.constant('ping' as const),
    address,
    count: fc.integer({ min: 1, max: 5 }),
    by: fc.oneof(fc.constant({ method: 'icmp' as const }), fc.record({ method: fc.constant('tcp' as const), port })),
  }),
)
const orders = fc.record({
  revision: fc.nat(),
  assignments: fc.oneof(fc.constant({}), fc.record({ snmp: fc.array(target, { maxLength: 3 }) })),
  tasks: fc.array(fc.record({ id, order }, { noNullPrototype: true }), { maxLength: 10 }),
})
const ID = '01900000-0000-7000-8000-000000000001'
const HIDDEN = {
  ...{ version: 'v3', level: 'authPriv', user: 'noc' },
  ...{ auth: { protocol: 'sha256', key: 'long enough' }, privacy: { protocol: 'aes128', key: 'long enough' } },
}
const OFFERED = [{ id: ID, credential: { version: 'v2c', community: 'public' } }]
const ASKING = { port: 161, timeoutMs: 1_000, retries: 2, credentials: OFFERED }
const GOOD = {
  revision: 0,
  assignments: {
    snmp: [
      {
        ...{ deviceId: ID, address: '192.0.2.1', port: 161, credential: HIDDEN, trapPort: null },
        ...{ intervalMs: 30_000, timeoutMs: 1_000, retries: 2 },
      },
    ],
  },
  tasks: [
    { id: ID, order: { kind: 'ping', address: '192.0.2.1', count: 1, by: { method: 'icmp' } } },
    { id: ID, order: { kind: 'rediscover', deviceId: ID } },
    { id: ID, order: { kind: 'snmp-test', address: '192.0.2.1', ...ASKING } },
    { id: ID, order: { kind: 'discover', addresses: ['192.0.2.1'], perSecond: 50, ...ASKING } },
  ],
}

/** Every way to change one value somewhere in it, or to add a field. */
function spoilt(value: unknown, junk: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [junk]
  const entries = Object.entries(value)
  const rebuilt = (changed: [string, unknown][]) =>
    Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed)
  return [
    junk,
    ...(Array.isArray(value) ? [] : [{ ...value, extra: junk }]),
    ...entries.flatMap(([name], index) => [rebuilt(entries.filter((_, at) => at !== index)), ...[name].slice(1)]),
    ...entries.flatMap(([name, inner], index) =>
      spoilt(inner, junk).map(one =>
        rebuilt(entries.map((entry, at): [string, unknown] => (at === index ? [name, one] : entry))),
      ),
    ),
  ]
}

describe('the orders of a collector', () => {
  it('are understood when the contract allows them, and say the same then', () => {
    fc.assert(
      fc.property(orders, given => {
        const text = JSON.stringify(given)
        const byContract = agentOrders.safeParse(JSON.parse(text))
        if (byContract.success) expect(parseOrders(text)).toEqual(byContract.data)
      }),
    )
    expect(parseOrders(JSON.stringify(GOOD))).toEqual(GOOD)
  })

  it('are refused whole where the contract refuses them, whatever was changed in them', () => {
    const junk = [
      ...['; reboot', '$(id)', '-f', '/etc/shadow', 'localhost', '1.2.3.4; id', 'fe80::1%eth0', '0x7f.1', ''],
      ...[null, true, -1, 1.5, 1e300, [], {}, { path: '/etc/shadow' }, { method: 'exec', command: 'id' }],
    ]
    let refused = 0
    for (const one of junk) {
      for (const value of spoilt(GOOD, one)) {
        const text = JSON.stringify(value)
        const byContract = agentOrders.safeParse(JSON.parse(text))
        if (byContract.success) continue
        refused += 1
        expect([text, parseOrders(text)]).toEqual([text, undefined])
      }
    }
    expect(refused).toBeGreaterThan(200)
    fc.assert(
      fc.property(
        fc.json(),
        text => agentOrders.safeParse(JSON.parse(text)).success || parseOrders(text) === undefined,
      ),
    )
    expect(parseOrders('')).toBeUndefined()
    expect(parseOrders('{"revision":0')).toBeUndefined()
  })

  it('never name a host, a zone or an option in place of an address', () => {
    const withAddress = (address: unknown) =>
      parseOrders(
        JSON.stringify({ ...GOOD, tasks: [{ ...GOOD.tasks[0], order: { ...GOOD.tasks[0]?.order, address } }] }),
      )
    fc.assert(
      fc.property(fc.string(), address => {
        const parsed = withAddress(address)
        if (parsed !== undefined) expect(address).toMatch(/^[0-9a-f.:]+$/i)
      }),
    )
    for (const address of ['::1', '10.0.0.1', '2001:db8::1']) expect(withAddress(address)).toBeDefined()
    for (const address of ['fe80::1%eth0', 'example.org', '-6', '::1 ', '1.2.3', '::1%--', '[::1]'])
      expect(withAddress(address)).toBeUndefined()
  })
})
