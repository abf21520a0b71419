import { z } from 'zod'
import { ARCHITECTURES } from './upgrade.ts'

/** What an installed agent says of itself. `failed` is the sequence of the last bundle that it went back from. */
export const upgradeQuestion = z.strictObject({
  arch: z.enum(ARCHITECTURES),
  sequence: z.int().min(0),
  failed: z.int().min(0).nullable(),
})
export type UpgradeQuestion = z.infer<typeof upgradeQuestion>

export const upgradeOffer = z.strictObject({
  offer: z
    .strictObject({
      /** JSON text of a bundle's manifest; the signature is over exactly this text. */
      manifest: z.string(),
      /** Ed25519, base64. */
      signature: z.string(),
      path: z.string(),
      /** An operator allows it although this agent went back from it before. */
      again: z.boolean(),
    })
    .nullable(),
})
export type UpgradeOffer = z.infer<typeof upgradeOffer>
