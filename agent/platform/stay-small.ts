import { setFlagsFromString } from 'node:v8'

/**
 * From now on nothing is compiled to machine code: at a tick each ten seconds that saves no time and costs 10 MB. Not by
 * flags of the start: with one of these V8 takes none of the code that Node brings ready, which is 50 ms of the start.
 */
export function stayInterpreted(): void {
  for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag)
}
