// How the built agent begins. Its program is one file (main.ts and all that belongs to it), and beside that lies the code
// that V8 made of it when it was built and run (record-code.mjs): read in one go, in place of 200 KB that would have to be
// parsed and compiled. Without that code, or with one that is not for this Node, the program is compiled as usual.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'

const DIGEST_BYTES = 32

/** `digest` is SHA-256 over the program and its code: V8 itself looks at neither, and would run whatever stands there. */
function readCode(path: string, program: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(path)
    const code = kept.subarray(DIGEST_BYTES)
    const digest = createHash('sha256').update(program).update(code).digest()
    return digest.equals(kept.subarray(0, DIGEST_BYTES)) ? code : undefined
  } catch {
    // Made for the kind of machine on which the bundle was built; others have none.
    return undefined
  }
}

/** A function of its own, so that half a megabyte of what was read is not kept. */
function loadProgram(): (argv: string[], env: NodeJS.ProcessEnv) => Promise<number> {
  const filename = `${import.meta.dirname}/program.js`
  const program = readFileSync(filename)
  const cachedData = readCode(`${import.meta.dirname}/program.${process.arch}.code`, program)
  const script = new Script(program.toString('latin1'), { filename, ...(cachedData && { cachedData }) })
  return script.runInThisContext()(import.meta.url)
}

process.exit(await loadProgram()(process.argv.slice(2), process.env))
