// What this house uses of net-snmp 3.29, which has no types of its own.
declare module 'net-snmp' {
  import type { EventEmitter } from 'node:events'

  type Varbind = { oid: string; type: number; value: unknown }
  type Answered = (error: Error | null, varbinds?: (Varbind | Varbind[])[]) => void

  export interface Session extends EventEmitter {
    get(oids: readonly string[], answered: Answered): void
    getNext(oids: readonly string[], answered: Answered): void
    getBulk(oids: readonly string[], nonRepeaters: number, repetitions: number, answered: Answered): void
    close(): void
  }

  type Key = string | Buffer
  type User = {
    name: string
    level: number
    authProtocol?: number
    authKey?: Key
    privProtocol?: number
    privKey?: Key
  }
  type Engine = { engineID: Buffer; engineBoots: number; engineTime: number }

  interface NetSnmp {
    createV3Session(target: string, user: User, options: object): Session
    SecurityLevel: Record<'noAuthNoPriv' | 'authNoPriv' | 'authPriv', number>
    AuthProtocols: Record<'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512', number>
    PrivProtocols: Record<'aes' | 'aes256b' | 'aes256r', number>
    Authentication: {
      passwordToKey(protocol: number, password: Key, engineId: Buffer): Buffer
      calculateDigest(message: Buffer, protocol: number, key: Key, engineId: Buffer): Buffer
      getParametersLength(protocol: number): number
    }
    Encryption: {
      encryptPdu(
        protocol: number,
        pdu: Buffer,
        key: Key,
        authProtocol: number,
        engine: Engine,
      ): { encryptedPdu: Buffer; msgPrivacyParameters: Buffer }
      decryptPdu(
        protocol: number,
        pdu: Buffer,
        parameters: Buffer,
        key: Key,
        authProtocol: number,
        engine: Engine,
      ): Buffer
    }
  }
  const netSnmp: NetSnmp
  export default netSnmp
}
