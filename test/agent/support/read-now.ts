import type { Reading, Source } from '../../../agent/sources/source.ts'

/** One reading of a source that this machine has to offer. */
export async function readNow(source: Source): Promise<Reading> {
  const reading = await source.read(new AbortController().signal)
  if (reading === 'not-offered') throw new Error(`${source.name} is not offered`)
  return reading
}
