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
  type Privacy = {
    CRYPTO_ALGORITHM: string
    localizationAlgorithm(algorithm: Privacy, authProtocol: number, password: Key, engineId: Buffer): Buffer
  }

  interface NetSnmp {
    createV3Session(target: string, user: User, options: object): Session
    SecurityLevel: Record<'noAuthNoPriv' | 'authNoPriv' | 'authPriv', number>
    AuthProtocols: Record<'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512', number>
    PrivProtocols: Record<'aes' | 'aes256b' | 'aes256r', number>
    Authentication: {
      algorithms: Record<number, { CRYPTO_ALGORITHM: string; AUTHENTICATION_CODE_LENGTH: number }>
      passwordToKey(protocol: number, password: Key, engineId: Buffer): Buffer
    }
    Encryption: { algorithms: Record<number, Privacy> }
  }
  const netSnmp: NetSnmp
  export default netSnmp
}
