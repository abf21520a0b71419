import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../platform/clock.ts'
import type { Fact } from '../facts/flatten-facts.ts'
import type { Gauge, Source } from '../source.ts'

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const DAY_MS = 86_400_000

export type CertificateEnd = { notAfterMs: number; subject: string; issuer: string }

/** The certificate of a PEM (or DER) file that ends first: a chain is worth no more than that. Throws without one. */
export function firstToEnd(content: Buffer): CertificateEnd {
  const blocks = content.toString('latin1').match(PEM) ?? [content]
  const ends = blocks.map(block => {
    const certificate = new X509Certificate(block)
    return {
      notAfterMs: certificate.validToDate.getTime(),
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
    }
  })
  const [first] = ends.sort((a, b) => a.notAfterMs - b.notAfterMs)
  if (first === undefined) throw new Error('the file has no certificate')
  return first
}

const oneLine = (name: string): string => name.split('\n').join(', ')

/** Letters of a path that a name of a fact may have. */
const factName = (path: string): string =>
  path
    .replace(/^\/+/, '')
    .replace(/[^a-zA-Z0-9_.:-]/g, '_')
    .slice(0, 150)

/**
 * pantau_certificate_days_left by path, below zero once it has ended; subject and issuer as facts. A file that cannot be
 * read or has none costs its own figure and shows as pantau_certificate_error 1.
 */
export function createCertificatesSource(deps: { paths: readonly string[]; clock: Clock }): Source {
  return {
    name: 'certificates',
    rhythm: { everyMs: 10 * 60_000, withinMs: 30_000, firstAfterMs: 500 },
    async read() {
      if (deps.paths.length === 0) return 'not-offered'
      const gauges: Gauge[] = []
      const facts: Fact[] = []
      for (const path of deps.paths) {
        const labels = { path }
        try {
          const { notAfterMs, subject, issuer } = firstToEnd(await readFile(path))
          const daysLeft = Math.floor(((notAfterMs - deps.clock.nowMs()) / DAY_MS) * 100) / 100
          gauges.push({ metric: 'pantau_certificate_days_left', labels, value: daysLeft })
          gauges.push({ metric: 'pantau_certificate_error', labels, value: 0 })
          facts.push({ name: `certificate.${factName(path)}.subject`, value: subject })
          facts.push({ name: `certificate.${factName(path)}.issuer`, value: issuer })
        } catch {
          gauges.push({ metric: 'pantau_certificate_error', labels, value: 1 })
        }
      }
      return { gauges, facts }
    },
  }
}
