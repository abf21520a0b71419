// PANTAU_ADMIN_TOKEN: an API token from the environment, for installations that no person sets up.
import { timingSafeEqual } from 'node:crypto'
import { PERMISSIONS } from '../../protocol/vocabulary.ts'
import { hashSecret } from '../platform/ids.ts'
import type { Actor } from './actor.ts'

const SHORTEST = 32
export const ADMIN_TOKEN_ACTOR: Actor = { kind: 'token', id: 'admin-token', permissions: PERMISSIONS }

/**
 * What is kept of the token (SHA-256, hex), for `authenticate`. Throws an Error for the start-up when the text is too
 * short to be random or can't stand in a header; the text itself is never in the message.
 */
export function checkAdminToken(text: string): string {
  if (text.length < SHORTEST)
    throw new Error(
      `PANTAU_ADMIN_TOKEN has ${text.length} characters and needs at least ${SHORTEST}: take the output of "openssl rand -hex 32"`,
    )
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new Error('PANTAU_ADMIN_TOKEN has characters that an HTTP header cannot carry: use letters and digits only')
  return hashSecret(text)
}

/** Hashes are compared in constant time, so that answering times tell nothing of the token. */
export function isAdminToken(adminTokenHash: string | null, secret: string): boolean {
  return adminTokenHash !== null && timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(adminTokenHash))
}
