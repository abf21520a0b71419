// What a notice says, in both languages: pure, so that every sentence can be tested. How it looks is up to the channel.
import type { IncidentSummary } from '../../protocol/incident-views.ts'
import { type Language, SEVERITIES, type Severity } from '../../protocol/vocabulary.ts'
import { formatInstant, formatSpan, formatValue } from './figures.ts'
import { WORDS } from './words.ts'

export type NoticeEvent = 'opened' | 'resolved'

/** One event of one incident for one channel. `deliveryId` stays the same however often it is sent. */
export type Notice = {
  deliveryId: string
  event: NoticeEvent
  at: number
  incident: IncidentSummary
  url: string
}

/** The message in one language. No line holds a line break, whatever a rule or a server is called. */
export type MessageText = {
  subject: string
  heading: string
  rows: { label: string; value: string }[]
  items: { text: string; url: string }[]
  link: { label: string; url: string }
}

export type Message = {
  event: NoticeEvent | 'digest' | 'test'
  /** When it happened, UTC ms; of a digest: its newest event. */
  at: number
  place: string
  url: string
  notices: Notice[]
  texts: Record<Language, MessageText>
  /** Id of the message that told of the opening, when this one follows it. */
  follows: string | null
}

export type MessageContext = {
  place: string
  /** Without a slash at its end: "https://pantau.depok.go.id". */
  publicUrl: string
  /** IANA name: "Asia/Jakarta". */
  timeZone: string
}

export function incidentUrl(publicUrl: string, incidentId: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/incidents/${incidentId}`
}

/** A message about one event of one incident. */
export function noticeMessage(notice: Notice, context: MessageContext, follows: string | null): Message {
  const text = (language: Language) => noticeText(notice, context, language)
  return {
    event: notice.event,
    at: notice.at,
    place: context.place,
    url: notice.url,
    notices: [notice],
    texts: { id: text('id'), en: text('en') },
    follows,
  }
}

/** One message about many events, for the time in which one message each would drown the reader. Needs at least one. */
export function digestMessage(notices: Notice[], context: MessageContext): Message {
  const url = `${context.publicUrl.replace(/\/+$/, '')}/incidents`
  const text = (language: Language) => digestText(notices, context, url, language)
  return {
    event: 'digest',
    at: Math.max(...notices.map(notice => notice.at)),
    place: context.place,
    url,
    notices,
    texts: { id: text('id'), en: text('en') },
    follows: null,
  }
}

export function testMessage(at: number, context: MessageContext): Message {
  const url = context.publicUrl
  const text = (language: Language): MessageText => {
    const words = WORDS[language]
    return {
      subject: oneLine(`[Pantau] ${words.testSubject}: ${context.place}`),
      heading: words.testHeading,
      rows: [
        { label: words.place, value: oneLine(context.place) },
        { label: words.sentAt, value: formatInstant(at, context.timeZone, language) },
      ],
      items: [],
      link: { label: words.openPantau, url },
    }
  }
  return {
    event: 'test',
    at,
    place: context.place,
    url,
    notices: [],
    texts: { id: text('id'), en: text('en') },
    follows: null,
  }
}

function noticeText(notice: Notice, context: MessageContext, language: Language): MessageText {
  const { incident, event } = notice
  const words = WORDS[language]
  const tag = event === 'opened' ? words.severities[incident.severity].toUpperCase() : words.resolvedTag
  const moment = (at: number) => formatInstant(at, context.timeZone, language)
  const measured = measuredText(incident, language)
  const rows = [
    { label: words.what, value: `${words.kinds[incident.kind]}: ${incident.title[language]}` },
    { label: words.where, value: whereText(incident) },
    { label: words.since, value: moment(incident.openedAt) },
  ]
  if (event === 'resolved') {
    const resolvedAt = incident.resolvedAt ?? notice.at
    rows.push({ label: words.until, value: moment(resolvedAt) })
    rows.push({ label: words.lasted, value: formatSpan(resolvedAt - incident.openedAt, language) })
  }
  const { cutOff = 0 } = incident
  if (cutOff > 0) rows.push({ label: words.cutOff, value: words.cutOffCount(cutOff) })
  rows.push({ label: words.value, value: measured ?? words.notMeasured })
  rows.push({ label: words.severity, value: words.severities[incident.severity] })
  rows.push({ label: words.incident, value: `${incident.number}` })
  rows.push({ label: words.place, value: context.place })
  const inShort = `${incident.title[language]}: ${whereText(incident)}`
  return {
    subject: oneLine(`[Pantau][${tag}] ${inShort}${event === 'opened' ? shortValue(incident, language) : ''}`),
    heading: oneLine(event === 'opened' ? words.openedHeading : words.resolvedHeading),
    rows: rows.map(row => ({ label: row.label, value: oneLine(row.value) })),
    items: [],
    link: { label: words.openIncident, url: notice.url },
  }
}

function digestText(notices: Notice[], context: MessageContext, url: string, language: Language): MessageText {
  const words = WORDS[language]
  const opened = notices.filter(notice => notice.event === 'opened')
  const resolvedCount = notices.length - opened.length
  const worst = worstOf(opened.map(notice => notice.incident.severity))
  const tag = worst === null ? words.resolvedTag : words.severities[worst].toUpperCase()
  const counts = words.digestCounts(opened.length, resolvedCount)
  return {
    subject: oneLine(`[Pantau][${tag}] ${counts}`),
    heading: `${counts}. ${words.digestWhy}`,
    rows: [{ label: words.place, value: oneLine(context.place) }],
    items: notices.map(notice => {
      const { incident } = notice
      const mark = notice.event === 'opened' ? words.severities[incident.severity].toUpperCase() : words.resolvedTag
      const moment = formatInstant(notice.at, context.timeZone, language)
      const value = notice.event === 'opened' ? shortValue(incident, language) : ''
      return {
        text: oneLine(`[${mark}] ${incident.title[language]}: ${whereText(incident)}${value}, ${moment}`),
        url: notice.url,
      }
    }),
    link: { label: words.openPantau, url },
  }
}

/** "srv-01 /srv": the name and what the labels of the part say, without their names. */
export function whereText(incident: Pick<IncidentSummary, 'subject' | 'part'>): string {
  const values = incident.part
    .split(/,(?=[a-zA-Z_][a-zA-Z0-9_]*=)/)
    .map(label => label.replace(/^[a-zA-Z_][a-zA-Z0-9_]*=/, ''))
  return [incident.subject.name, ...values].filter(word => word !== '').join(' ')
}

function measuredText(incident: IncidentSummary, language: Language): string | null {
  if (incident.value === null) return null
  const value = formatValue(incident.value, incident.unit, language)
  if (incident.threshold === null || incident.unit === 'reached') return value
  return `${value} (${WORDS[language].threshold} ${formatValue(incident.threshold, incident.unit, language)})`
}

function shortValue(incident: IncidentSummary, language: Language): string {
  return incident.value === null ? '' : ` (${formatValue(incident.value, incident.unit, language)})`
}

function worstOf(severities: Severity[]): Severity | null {
  return SEVERITIES.find(severity => severities.includes(severity)) ?? null
}

/** Names come from machines and people: a line break in one must never begin a new line, least of all in a header. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
