// The words of notices. Indonesian terms are those of the screens.
import type { Language, Severity, UnmetKind } from '../../protocol/vocabulary.ts'

type Words = {
  severities: Record<Severity, string>
  kinds: Record<UnmetKind, string>
  resolvedTag: string
  openedHeading: string
  resolvedHeading: string
  what: string
  where: string
  since: string
  until: string
  lasted: string
  value: string
  threshold: string
  notMeasured: string
  cutOff: string
  cutOffCount: (count: number) => string
  severity: string
  incident: string
  place: string
  sentAt: string
  openIncident: string
  openPantau: string
  testSubject: string
  testHeading: string
  digestCounts: (opened: number, resolved: number) => string
  digestWhy: string
}

export const WORDS: Record<Language, Words> = {
  id: {
    severities: { critical: 'kritis', high: 'tinggi', medium: 'sedang', low: 'rendah' },
    kinds: { breach: 'Pelanggaran', finding: 'Temuan', fault: 'Gangguan' },
    resolvedTag: 'PULIH',
    openedHeading: 'Insiden baru dibuka.',
    resolvedHeading: 'Insiden sudah pulih.',
    what: 'Apa',
    where: 'Di mana',
    since: 'Sejak',
    until: 'Pulih',
    lasted: 'Lama',
    value: 'Nilai',
    threshold: 'batas',
    notMeasured: 'tidak terukur: data yang seharusnya datang tidak datang',
    cutOff: 'Ikut terputus',
    cutOffCount: count => `${count} yang hanya terjangkau melaluinya`,
    severity: 'Tingkat',
    incident: 'Nomor insiden',
    place: 'Tempat',
    sentAt: 'Dikirim',
    openIncident: 'Buka insiden',
    openPantau: 'Buka Pantau',
    testSubject: 'Pesan uji',
    testHeading: 'Ini pesan uji. Saluran ini dapat menerima pemberitahuan.',
    digestCounts: (opened, resolved) =>
      [opened > 0 ? `${opened} insiden lagi dibuka` : '', resolved > 0 ? `${resolved} insiden lagi pulih` : '']
        .filter(part => part !== '')
        .join(', '),
    digestWhy: 'Terlalu banyak untuk satu pesan per insiden, maka dikumpulkan di sini.',
  },
  en: {
    severities: { critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
    kinds: { breach: 'Breach', finding: 'Finding', fault: 'Fault' },
    resolvedTag: 'RESOLVED',
    openedHeading: 'A new incident was opened.',
    resolvedHeading: 'The incident is resolved.',
    what: 'What',
    where: 'Where',
    since: 'Since',
    until: 'Resolved',
    lasted: 'Lasted',
    value: 'Value',
    threshold: 'threshold',
    notMeasured: 'not measured: what was due did not come',
    cutOff: 'Cut off with it',
    cutOffCount: count => `${count} reached only through it`,
    severity: 'Severity',
    incident: 'Incident number',
    place: 'Place',
    sentAt: 'Sent',
    openIncident: 'Open the incident',
    openPantau: 'Open Pantau',
    testSubject: 'Test message',
    testHeading: 'This is a test message. This channel can take notices.',
    digestCounts: (opened, resolved) =>
      [
        opened > 0 ? `${opened} more ${opened === 1 ? 'incident' : 'incidents'} opened` : '',
        resolved > 0 ? `${resolved} more ${resolved === 1 ? 'incident' : 'incidents'} resolved` : '',
      ]
        .filter(part => part !== '')
        .join(', '),
    digestWhy: 'Too many for a message each, so they are gathered here.',
  },
}
