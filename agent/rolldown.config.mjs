// The agent as it is installed: each program one file, side by side, so that it loads nothing that it does not run.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const PROGRAMS = {
  agent: './main.ts',
  doctor: './doctor/main.ts',
  enrol: './enrol-once.ts',
  'facts-child': './sources/facts/facts-child.ts',
  // Runs only while there is something to probe.
  'probes-child': './sources/probes/probes-child.ts',
  'statfs-child': './sources/host/statfs-child.ts',
}

export default Object.entries(PROGRAMS).map(([name, source]) => ({
  input: { [name]: fileURLToPath(new URL(source, import.meta.url)) },
  platform: 'node',
  transform: { define: { PANTAU_VERSION: JSON.stringify(version) } },
  output: { format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false },
}))
