import { access, constants } from 'node:fs/promises'

/** The first of these paths that may be run; undefined when this machine has none of them. */
export async function findProgram(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return path
  }
  return undefined
}
