import { setFlagsFromString } from 'node:v8'

const COMPILERS = ['opt', 'maglev', 'sparkplug']

/** Once somebody needs speed it is not taken from them any more. */
let needsSpeed = false

/**
 * From now on nothing is compiled to machine code: at a tick each ten seconds that saves no time and costs 10 MB. Not by
 * flags of the start: with one of these V8 takes none of the code that Node and the bundle bring ready, 80 ms of the start.
 */
export function stayInterpreted(): void {
  if (needsSpeed) return
  for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`)
}

/** Takes that back: who passes on thousands of figures a second saves more time than it costs memory. */
export function compileAgain(): void {
  needsSpeed = true
  for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`)
}
