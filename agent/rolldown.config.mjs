// The agent as it is installed: each program one file, side by side, so that it loads nothing that it does not run.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// What is known of vendors' devices lies inside, as data: a bundle has no files beside it.
const vendors = new URL('../config/vendors/', import.meta.url)
const profiles = readdirSync(vendors)
  .filter(name => name.endsWith('.yaml'))
  .sort()
  .map(name => parse(readFileSync(new URL(name, vendors), 'utf8')))

const PROGRAMS = {
  doctor: './doctor/main.ts',
  enrol: './enrol-once.ts',
  // A thread that the agent starts when it has devices to poll.
  'snmp-worker': './sources/snmp/snmp-worker.ts',
  'facts-child': './sources/facts/facts-child.ts',
  // Runs only while there is something to probe.
  'probes-child': './sources/probes/probes-child.ts',
  // For who keeps the copies of a machine.
  backup: './backups/main.ts',
  // One look at copies, with the library that reads the job file.
  'backups-child': './sources/backups/backups-child.ts',
  'statfs-child': './sources/host/statfs-child.ts',
}

/** Not needed for the first sample, or not at once: loaded when something of it is called. */
const LATE = ['node:v8', 'node:worker_threads', 'node:zlib']

/** `names` as an import has them: "a, b as c". */
function take(names, module) {
  if (!LATE.includes(module)) return `const {${names.replace(/ as /g, ': ')}} = process.getBuiltinModule("${module}");`
  const late = name => {
    const [outer, inner = outer] = name.trim().split(' as ')
    return `function ${inner}(...given) {
  const { ${outer}: it } = process.getBuiltinModule("${module}");
  return new.target ? new it(...given) : it(...given);
}`
  }
  return names.split(',').map(late).join('\n')
}

/**
 * An import of a module of Node touches everything that it exports: with node:util comes the machinery of workers and
 * tests, with node:crypto that of the web, 25 ms and a megabyte. So only what is named is taken. And one letter beyond
 * ASCII would make V8 keep the whole source with two bytes a letter.
 */
const lightBuiltins = {
  name: 'light-builtins',
  renderChunk: code =>
    code
      .replace(/^import \{([^}]*)\} from "(node:[a-z0-9_/]+)";$/gm, (_, names, module) => take(names, module))
      .replace(/[^\0-\x7f]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
}

/** The agent itself is no module but a script, for of that the code can be kept: see start-built.ts. */
const asScript = {
  name: 'as-script',
  generateBundle(_, { 'program.js': chunk }) {
    const body = chunk.code
      .replace(/\bawait import\("(node:[a-z0-9_/]+)"\)/g, 'process.getBuiltinModule("$1")')
      .replace(/^export \{ runAgent \};$/m, 'return runAgent;')
    const left = /^(import|export) .*$|\bimport[(.].*$/m.exec(body)
    if (left !== null) throw new Error(`this can't stand in a script: ${left[0]}`)
    chunk.code = `(function (PROGRAM_URL) {\n"use strict";\n${body}\n})`
  },
  writeBundle({ dir }) {
    const record = fileURLToPath(new URL('./record-code.mjs', import.meta.url))
    try {
      execFileSync(process.execPath, [record, dir], { env: { PATH: process.env.PATH ?? '' }, stdio: 'inherit' })
    } catch (error) {
      // It runs without, and begins later.
      this.warn(`no code of the agent was kept: ${error.message}`)
    }
  },
}

const define = { PANTAU_VERSION: JSON.stringify(version), PANTAU_VENDOR_PROFILES: JSON.stringify(profiles) }

function built(name, source, { file = `${name}.mjs`, plugins = [], known = {} } = {}) {
  return {
    input: { [name]: fileURLToPath(new URL(source, import.meta.url)) },
    platform: 'node',
    transform: { define: { ...define, ...known } },
    plugins,
    output: {
      format: 'esm',
      entryFileNames: file,
      codeSplitting: false,
      // Lines and names stay, for whoever reads a stack trace.
      comments: false,
    },
  }
}

export default [
  ...Object.entries(PROGRAMS).map(([name, source]) => built(name, source)),
  built('agent', './start-built.ts', { plugins: [lightBuiltins] }),
  built('program', './main.ts', {
    file: 'program.js',
    plugins: [lightBuiltins, asScript],
    known: { 'import.meta.url': 'PROGRAM_URL', 'import.meta.main': 'false' },
  }),
]
