import { hostname } from 'node:os'
import { isLoopback, isWildcard } from './listen-address.ts'
import type { Listener } from './listeners.ts'

export function onlyLoopback(listeners: readonly Listener[]): boolean {
  return listeners.every(listener => isLoopback(listener.host))
}

/** Under which names agents and people come to a certificate that the collector makes for itself. */
export function ownNames(listeners: readonly Listener[], publicUrl: string | undefined): string[] {
  const listened = listeners.map(listener => listener.host).filter(host => !isWildcard(host))
  const called = publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')]
  return [...new Set([...called, ...listened, hostname(), 'localhost', '127.0.0.1', '::1'])]
}
