import type { SnmpCredential } from '../../../../protocol/snmp.ts'
import type { Oid, Varbind } from '../value.ts'

/** Where an agent of SNMP answers. `address` is an IP address and nothing that would be looked up. */
export type Endpoint = { address: string; port: number }

export type V3Credential = Extract<SnmpCredential, { version: 'v3' }>

export type Patience = { timeoutMs: number; retries: number }

/**
 * The narrow port to a device: three questions. Every answer comes from the address that was asked, to the number of the
 * request, with as many variables as were asked for. What goes wrong is an SnmpError.
 */
export type SnmpSession = {
  readonly version: SnmpCredential['version']
  /** The variables in the order asked; what the device does not have is told by the type of its value. */
  get(oids: readonly Oid[]): Promise<Varbind[]>
  getNext(oids: readonly Oid[]): Promise<Varbind[]>
  /** Up to `repetitions` times the next of each; fewer when they do not fit. Not with v1. */
  getBulk(oids: readonly Oid[], repetitions: number): Promise<Varbind[]>
  close(): void
}
