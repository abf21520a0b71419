// Brings the newest object back and holds it against its length and its ETag.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { RestoreContext, Restored } from '../backup-tool.ts'
import { roomFor } from '../room.ts'
import type { Bucket } from './bucket.ts'
import { createEtag } from './etag.ts'
import type { StoredObject } from './object-list.ts'

export async function restoreObject(
  bucket: Bucket,
  object: StoredObject | undefined,
  { scratch, progress }: RestoreContext,
): Promise<Restored> {
  if (object === undefined) return { trouble: 'nothing-there', detail: 'there is no object' }
  const { key, bytes, modifiedAt } = object
  if (bytes === 0) return { trouble: 'empty', detail: `${key} has no content` }
  const noRoom = await roomFor(bytes, scratch)
  if (noRoom !== undefined) return noRoom

  progress('bringing the object back')
  const etag = createEtag(object)
  const file = openSync(join(scratch, 'object'), 'wx')
  let written = 0
  const answer = await bucket.get(key, [], part => {
    appendFileSync(file, part)
    written += part.length
    etag.take(part)
  })
  closeSync(file)
  if (answer.trouble !== null) return answer
  if (written !== bytes) return { trouble: 'truncated', detail: `${key} has ${written} bytes instead of ${bytes}` }
  const encryption = answer.headers['x-amz-server-side-encryption']
  // An ETag of what is encrypted with a key of its own is no checksum of the content.
  const isOfContent = encryption === undefined || encryption === 'AES256'
  const fits = isOfContent ? etag.fits() : undefined
  if (fits === false) return { trouble: 'checksum-wrong', detail: `${key} is not what its ETag says` }
  return {
    trouble: null,
    proof: {
      ...{ scope: 'all', copyId: key, copyTakenAt: modifiedAt, files: 1, bytes: written, databases: [] },
      checksumsHeld: fits === true ? 1 : 0,
    },
  }
}
