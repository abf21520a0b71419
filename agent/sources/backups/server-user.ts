import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * As whom a database server may run that refuses to be root: the owner of the scratch place, or else "nobody". Undefined
 * where we are not root: then it runs as we do.
 */
export async function userOfServers(scratch: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = await ownerOf(scratch)
  if (uid !== 0) return { uid, gid }
  const users = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map(line => line.split(':'))
  const [, , nobodyUid, nobodyGid] = users.find(([name]) => name === 'nobody') ?? []
  return { uid: Number(nobodyUid ?? 65_534), gid: Number(nobodyGid ?? 65_534) }
}

/** Of a folder, or of the first above it that is there. */
async function ownerOf(folder: string): Promise<{ uid: number; gid: number }> {
  try {
    return await stat(folder)
  } catch (error) {
    if (folder === dirname(folder)) throw error
    return ownerOf(dirname(folder))
  }
}
