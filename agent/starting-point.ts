// Where an agent delivers to, as whom, and from which directory: what is settled before anything is read.
import { type AgentConfig, ConfigError, parseCollector } from './config.ts'
import { makeFolder } from './platform/atomic-file.ts'
import { type DataLock, lockDataDirectory } from './platform/data-lock.ts'
import { type Log, reasonOf } from './platform/logger.ts'
import { type Identity, removeSpentToken, writeIdentity } from './uplink/identity.ts'
import { proxyFor, proxyProblem } from './uplink/proxy.ts'

export function chooseCollector(config: AgentConfig, kept: Identity | undefined): URL {
  if (config.collector !== undefined) return config.collector
  if (kept === undefined) throw new ConfigError('--collector: is missing, and this agent is not enrolled anywhere yet')
  return parseCollector(kept.collector, 'collector in identity.json', config.allowPlainHttp)
}

export function chooseProxy(config: AgentConfig, collector: URL): string | undefined {
  const proxy = proxyFor(collector, config.proxies)
  const problem = proxy && proxyProblem(proxy)
  if (problem) throw new ConfigError(`proxy in the environment: ${problem}`)
  return proxy
}

export function requireToken({ token, tokenFile }: AgentConfig): string {
  if (token !== undefined) return token
  if (tokenFile !== undefined) throw new ConfigError(`--token-file: ${tokenFile} does not exist`)
  throw new ConfigError('--token-file: is missing, and this agent is not enrolled yet (or set PANTAU_AGENT_TOKEN)')
}

/** Rejects when the disk takes nothing: the agent still works with its new key, and needs a new token at its next start. */
export async function keepIdentity(config: AgentConfig, identity: Identity): Promise<void> {
  await writeIdentity(config.dataDirectory, identity)
  if (config.tokenFile !== undefined) await removeSpentToken(config.tokenFile, config.dataDirectory)
}

/** So that doctor, and a start without the flag, ask where this agent delivers now. */
export async function noteCollector(directory: string, kept: Identity, collector: URL, log: Log): Promise<void> {
  await writeIdentity(directory, { ...kept, collector: collector.href }).catch(error =>
    log.warn({ reason: reasonOf(error) }, 'the new address of the collector could not be noted'),
  )
}

export async function claimDirectory(directory: string): Promise<DataLock> {
  const folder = await makeFolder(directory)
  return folder === 'there' ? lockDataDirectory(directory) : { held: false, release: async () => {} }
}
