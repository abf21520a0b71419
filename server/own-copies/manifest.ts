import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MANIFEST } from './layout.ts'
import { OwnCopyError } from './own-copy-error.ts'

const FORMAT = 1

/** What a copy says of itself. Instants in UTC ms. */
const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** Of Pantau. */
  version: z.string(),
  place: z.string(),
  /** All that was acknowledged before this moment is in the copy. */
  begunAt: z.int(),
  /** Of the vault's key that opens its secrets; says nothing about the key itself. */
  keyFingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  /** `elsewhere`: in an InfluxDB, which has a backup of its own. */
  series: z.enum(['embedded', 'elsewhere']),
  audit: z.strictObject({ entries: z.int(), head: z.string() }),
  /** What did not hold in the collector when it was copied. Earlier versions made no such copy. */
  flaws: z.array(z.string()).default([]),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Without flaws it is one that earlier versions read, too. */
export function manifestText({ flaws, ...manifest }: Omit<Manifest, 'format'>): string {
  const content = { format: FORMAT, ...manifest, ...(flaws.length === 0 ? {} : { flaws }) }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** Errors: OwnCopyError where the folder is no copy, or one that this program does not know. */
export async function readManifest(copy: string): Promise<Manifest> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(join(copy, MANIFEST), 'utf8'))
  } catch (error) {
    throw new OwnCopyError(
      { en: `${copy} is not a copy of a collector`, id: `${copy} bukan salinan kolektor` },
      { cause: error },
    )
  }
  const parsed = manifestSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const version = z.object({ version: z.string() }).safeParse(content).data?.version ?? '?'
  throw new OwnCopyError({
    en: `${copy} was made by Pantau ${version} in a form that this program does not know`,
    id: `${copy} dibuat oleh Pantau ${version} dalam bentuk yang tidak dikenal program ini`,
  })
}
