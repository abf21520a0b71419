import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { mailHtml, mailText } from '../../../server/notify/channels/mail-body.ts'
import { formatInstant, formatSpan, formatValue } from '../../../server/notify/figures.ts'
import { digestMessage, incidentUrl, type Notice, noticeMessage, whereText } from '../../../server/notify/message.ts'

const OPENED = Date.UTC(2026, 10, 22, 1, 56)
const CONTEXT = { place: 'Kota Depok', publicUrl: 'https://pantau.depok.go.id/', timeZone: 'Asia/Jakarta' }
const DISK: IncidentSummary = {
  id: '01990000-0000-7000-8000-000000000001',
  number: 12,
  state: 'open',
  severity: 'critical',
  kind: 'fault',
  ruleId: 'filesystem_fill',
  title: { id: 'Disk hampir penuh', en: 'Disk nearly full' },
  subject: { id: '01990000-0000-7000-8000-000000000002', name: 'srv-01' },
  part: 'mountpoint=/srv',
  openedAt: OPENED,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 0.9751,
  threshold: 0.9,
  unit: 'ratio',
}
const notice = (event: Notice['event'], incident: Partial<IncidentSummary> = {}): Notice => ({
  deliveryId: 'd1',
  event,
  at: OPENED,
  incident: { ...DISK, ...incident },
  url: incidentUrl(CONTEXT.publicUrl, DISK.id),
})

describe('figures', () => {
  test('each unit in its own way, with the comma of Indonesian', () => {
    expect(formatValue(0.9751, 'ratio', 'id')).toBe('97,5 %')
    expect(formatValue(0.9751, 'ratio', 'en')).toBe('97.5 %')
    expect(formatValue(0.9, 'ratio', 'id')).toBe('90 %')
    expect(formatValue(90_000, 'ms', 'id')).toBe('1 menit 30 detik')
    expect(formatValue(90, 's', 'en')).toBe('1 min 30 s')
    expect(formatValue(1_610_612_736, 'bytes', 'id')).toBe('1,5 GiB')
    expect(formatValue(94_300_000, 'bps', 'en')).toBe('94.3 Mbit/s')
    expect(formatValue(42, '', 'en')).toBe('42')
    expect(formatValue(0.0042, 'ratio', 'en')).toBe('0.42 %')
  })

  test('spans by their two largest units', () => {
    expect(formatSpan(0, 'id')).toBe('0 detik')
    expect(formatSpan(850, 'id')).toBe('850 ms')
    expect(formatSpan(2_400, 'id')).toBe('2,4 detik')
    expect(formatSpan(720_000, 'id')).toBe('12 menit')
    expect(formatSpan(3_900_000, 'en')).toBe('1 h 5 min')
    expect(formatSpan(2 * 86_400_000 + 59_000, 'id')).toBe('2 hari')
  })

  test('what a span shows is never more than it was, nor off by more than its smaller unit', () => {
    const unitMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000, ms: 1 }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 86_400_000 }), spanMs => {
        const shown = formatSpan(spanMs, 'en').replaceAll(',', '').split(' ')
        let sum = 0
        for (let index = 0; index < shown.length; index += 2)
          sum += Number(shown[index]) * (unitMs[shown[index + 1] ?? ''] ?? Number.NaN)
        expect(sum).toBeLessThanOrEqual(spanMs + 0.001)
        expect(spanMs - sum).toBeLessThan(Math.max(100, spanMs / 20))
      }),
    )
  })

  test('times in the city: WIB, WITA or WIT', () => {
    expect(formatInstant(OPENED, 'Asia/Jakarta', 'id')).toBe('22 Nov 2026 08.56 WIB')
    expect(formatInstant(OPENED, 'Asia/Makassar', 'id')).toBe('22 Nov 2026 09.56 WITA')
    expect(formatInstant(OPENED, 'Asia/Jayapura', 'en')).toBe('22 Nov 2026 10:56 WIT')
  })
})

describe('a notice', () => {
  test('of an opening says what, where, since when, how much against which threshold', () => {
    const message = noticeMessage(notice('opened'), CONTEXT, null)
    expect(message.texts.id.subject).toBe('[Pantau][KRITIS] Disk hampir penuh: srv-01 /srv (97,5 %)')
    expect(message.texts.en.subject).toBe('[Pantau][CRITICAL] Disk nearly full: srv-01 /srv (97.5 %)')
    expect(mailText(message, 'id')).toBe(`Insiden baru dibuka.

Apa           : Gangguan: Disk hampir penuh
Di mana       : srv-01 /srv
Sejak         : 22 Nov 2026 08.56 WIB
Nilai         : 97,5 % (batas 90 %)
Tingkat       : kritis
Nomor insiden : 12
Tempat        : Kota Depok

Buka insiden: https://pantau.depok.go.id/incidents/${DISK.id}
`)
  })

  test('of the end says how long it lasted', () => {
    const message = noticeMessage(notice('resolved', { resolvedAt: OPENED + 720_000 }), CONTEXT, 'd0')
    expect(message.texts.id.subject).toBe('[Pantau][PULIH] Disk hampir penuh: srv-01 /srv')
    expect(mailText(message, 'id')).toContain('Lama          : 12 menit')
    expect(mailText(message, 'en')).toContain('Lasted          : 12 min')
    expect(message.follows).toBe('d0')
  })

  test('of silence never pretends to a value', () => {
    const text = mailText(noticeMessage(notice('opened', { value: null, threshold: null }), CONTEXT, null), 'both')
    expect(text).toContain('Nilai         : tidak terukur')
    expect(text).toContain('Value           : not measured')
  })

  test('calls breach, finding and fault by their names', () => {
    const heading = (kind: IncidentSummary['kind']) =>
      mailText(noticeMessage(notice('opened', { kind }), CONTEXT, null), 'id')
    expect(heading('breach')).toContain('Pelanggaran: Disk')
    expect(heading('finding')).toContain('Temuan: Disk')
  })

  test('shows what the labels of a part say, commas and all', () => {
    expect(whereText({ subject: DISK.subject, part: '' })).toBe('srv-01')
    expect(whereText({ subject: DISK.subject, part: 'device=sda,mountpoint=/srv/a,b' })).toBe('srv-01 sda /srv/a,b')
  })

  test('whatever a server or a rule is called, no line break gets in and no markup comes alive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (title, name, part) => {
        const nasty = `${title}\r\nBcc: thief@example.org\u2028<script>`
        const strange = notice('opened', {
          title: { id: nasty, en: nasty },
          subject: { id: DISK.subject.id, name },
          part,
        })
        for (const message of [noticeMessage(strange, CONTEXT, null), digestMessage([strange], CONTEXT)]) {
          const { subject, rows, items } = message.texts.id
          for (const line of [subject, ...rows.map(row => row.value), ...items.map(item => item.text)])
            expect(line).not.toMatch(/[\r\n\u2028\u2029\0]/)
          expect(mailHtml(message, 'both')).not.toContain('<script>')
        }
      }),
    )
  })
})

test('a digest counts what it tells and names each', () => {
  const opened = Array.from({ length: 37 }, (_, index) =>
    notice('opened', { number: index, severity: index === 3 ? 'critical' : 'low' }),
  )
  const message = digestMessage([...opened, notice('resolved')], CONTEXT)
  expect(message.texts.id.subject).toBe('[Pantau][KRITIS] 37 insiden lagi dibuka, 1 insiden lagi pulih')
  expect(message.texts.en.heading).toContain('37 more incidents opened, 1 more incident resolved')
  expect(message.texts.id.items).toHaveLength(38)
  expect(message.texts.id.items[3]?.text).toBe(
    '[KRITIS] Disk hampir penuh: srv-01 /srv (97,5 %), 22 Nov 2026 08.56 WIB',
  )
})
