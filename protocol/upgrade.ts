// What a collector and an agent say about a bundle: the agent's program with its own Node, for one kind of machine.

export const ARCHITECTURES = ['x64', 'arm64'] as const
export type Architecture = (typeof ARCHITECTURES)[number]

/** What is signed, as JSON text. `sequence` grows with every change of what a collector gives out. */
export type BundleManifest = {
  version: string
  sequence: number
  arch: Architecture
  bytes: number
  /** SHA-256 of the .tar.gz, hex. */
  sha256: string
}

/** Name of a bundle below the address of the collector. */
export function bundlePath(arch: Architecture): string {
  return `/install/agent-${arch}.tar.gz`
}
