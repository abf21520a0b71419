// What a reminder of backups says to the contact of the agency itself. Pure.
import type { CoverageGapView } from '../../protocol/backup-views.ts'
import type { Language } from '../../protocol/vocabulary.ts'
import { formatInstant } from './figures.ts'
import { type Message, type MessageContext, type MessageText, oneLine } from './message.ts'

export type Reminder = { at: number; agency: string; text: string; gaps: readonly CoverageGapView[] }

const WORDS = {
  id: { subject: 'Pengingat pencadangan', agency: 'OPD', from: 'Dari', at: 'Tanggal', open: 'Buka Pantau' },
  en: { subject: 'Reminder of backups', agency: 'Agency', from: 'From', at: 'Date', open: 'Open Pantau' },
} as const

export function reminderMessage({ at, agency, text, gaps }: Reminder, context: MessageContext): Message {
  const base = context.publicUrl.replace(/\/+$/, '')
  const url = `${base}/backups/supervision`
  const textIn = (language: Language): MessageText => {
    const words = WORDS[language]
    return {
      subject: oneLine(`[Pantau] ${words.subject}: ${agency}`),
      heading: oneLine(text),
      rows: [
        { label: words.agency, value: oneLine(agency) },
        { label: words.from, value: oneLine(context.place) },
        { label: words.at, value: formatInstant(at, context.timeZone, language) },
      ],
      items: gaps.map(gap => ({
        text: oneLine(gap.words[language]),
        url: gap.about === null || gap.gap.startsWith('service-') ? url : `${base}/datasets/${gap.about.id}`,
      })),
      link: { label: words.open, url },
    }
  }
  return {
    event: 'opened',
    ...{ at, url, place: context.place },
    notices: [],
    follows: null,
    texts: { id: textIn('id'), en: textIn('en') },
  }
}
