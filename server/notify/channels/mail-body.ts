// How a message looks in a mail: plain text and simple HTML that any mail program shows.
import type { Language } from '../../../protocol/vocabulary.ts'
import type { Message, MessageText } from '../message.ts'

export type MailLanguage = Language | 'both'

export function mailSubject(message: Message, language: MailLanguage): string {
  return message.texts[language === 'en' ? 'en' : 'id'].subject
}

export function mailText(message: Message, language: MailLanguage): string {
  return textsOf(message, language).map(plain).join('\n-----\n\n')
}

export function mailHtml(message: Message, language: MailLanguage): string {
  const lang = language === 'en' ? 'en' : 'id'
  const body = textsOf(message, language).map(html).join('<hr>')
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><body style="font-family:sans-serif">${body}</body></html>`
}

function textsOf(message: Message, language: MailLanguage): MessageText[] {
  return language === 'both' ? [message.texts.id, message.texts.en] : [message.texts[language]]
}

function plain(text: MessageText): string {
  const width = Math.max(...text.rows.map(row => row.label.length))
  const rows = text.rows.map(row => `${row.label.padEnd(width)} : ${row.value}`)
  const items = text.items.flatMap(item => ['', item.text, `  ${item.url}`])
  return [text.heading, '', ...rows, ...items, '', `${text.link.label}: ${text.link.url}`, ''].join('\n')
}

function html(text: MessageText): string {
  const rows = text.rows.map(
    row =>
      `<tr><th align="left" style="padding-right:1em">${escapeHtml(row.label)}</th><td>${escapeHtml(row.value)}</td></tr>`,
  )
  const items = text.items.map(item => `<li>${anchor(item.url, item.text)}</li>`)
  const list = items.length === 0 ? '' : `<ul>${items.join('')}</ul>`
  const link = `<p>${anchor(text.link.url, text.link.label)}</p>`
  return `<p>${escapeHtml(text.heading)}</p><table>${rows.join('')}</table>${list}${link}`
}

function anchor(url: string, label: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
