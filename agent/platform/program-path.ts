import { fileURLToPath } from 'node:url'

/**
 * Path of a program that runs as a child of the agent. From source it lies where `source` says; in the built agent all
 * programs lie side by side, by the name of their file.
 */
export function programPath(source: URL): string {
  const path = fileURLToPath(source)
  if (import.meta.url.endsWith('.ts')) return path
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '.mjs')
  return fileURLToPath(new URL(name, import.meta.url))
}
