import { chmod, readFile, realpath, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { orReadOnly, writeFileAtomically } from '../platform/atomic-file.ts'

/** Who this agent is to its collector. The key is a secret: it stands in this file (0600) and in one header only. */
export type Identity = { agentId: string; deviceId: string; key: string; collector: string }

const identityPath = (dataDirectory: string): string => join(dataDirectory, 'identity.json')

export function parseIdentity(text: string): Identity | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('agentId' in value && 'deviceId' in value && 'key' in value && 'collector' in value)) return undefined
    const { agentId, deviceId, key, collector } = value
    if (typeof agentId !== 'string' || typeof deviceId !== 'string') return undefined
    if (typeof key !== 'string' || key === '' || typeof collector !== 'string') return undefined
    return { agentId, deviceId, key, collector }
  } catch {
    return undefined
  }
}

/** The kept identity; undefined when there is none. Throws when the file is there and is not one. */
export async function readIdentity(dataDirectory: string): Promise<Identity | undefined> {
  const path = identityPath(dataDirectory)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const identity = parseIdentity(text)
  if (identity === undefined) {
    throw new Error(`${path} is not an identity: restore it, or remove it and enrol again with a new token`)
  }
  await chmod(path, 0o600).catch(orReadOnly)
  return identity
}

export async function writeIdentity(dataDirectory: string, identity: Identity): Promise<void> {
  await writeFileAtomically(identityPath(dataDirectory), `${JSON.stringify(identity, null, 2)}\n`)
}

/** A token is spent after enrolment. It is removed where the agent was given it to keep: inside its data directory. */
export async function removeSpentToken(tokenFile: string, dataDirectory: string): Promise<'removed' | 'left'> {
  const [file, directory] = await Promise.all([realpath(tokenFile), realpath(dataDirectory)])
  if (!file.startsWith(`${directory}${sep}`)) return 'left'
  await rm(file)
  return 'removed'
}
