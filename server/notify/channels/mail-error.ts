// What a mail server's refusal means: give up, or try again.
import { ChannelError, type Sent } from './channel.ts'
import { codesOf, connectionReason } from './connection-reason.ts'

export type RefusedRecipient = Error & { recipient?: string | undefined; responseCode?: number | undefined }

const REASON_LENGTH = 300

/**
 * A 5xx to sender, recipient or content is final (RFC 5321 4.2.1). All else is tried again: a login or a certificate
 * that is refused today may be put right within the day. Of the server's own words only those to the envelope are told;
 * what it says to a login could repeat it.
 */
export function mailError(error: unknown, where: string): ChannelError {
  if (error instanceof ChannelError) return error
  const refused = refusedRecipients(error)
  if (refused.length > 0) return refusalOf(refused, false)
  const codes = codesOf(error)
  const { responseCode, response, command, message } = fieldsOf(error)
  if (codes.includes('EAUTH')) return retry(`login refused by ${where}`)
  for (const code of codes) {
    const reason = connectionReason(code, where)
    if (reason !== null) return retry(reason)
  }
  if (codes.includes('ETLS')) return retry(`${where} offers no encryption, or not one that can be trusted`)
  if (codes.includes('EENVELOPE') || codes.includes('EMESSAGE')) {
    const reason = oneLine(`refused by ${where}: ${response ?? message}`)
    const final = responseCode !== undefined && responseCode >= 500 && responseCode !== 530 && command !== 'API'
    return new ChannelError({ outcome: final ? 'refused' : 'retry', reason })
  }
  if (responseCode !== undefined) return retry(`${where} answered ${responseCode}`)
  if (codes.includes('ECONNECTION') || codes.includes('ESOCKET')) return retry(`connection broken by ${where}`)
  return retry(`mail could not be handed to ${where}`)
}

/**
 * Some recipients took it, others not. Those that may take it later are left to be tried again; those that never will
 * are told in the note.
 */
export function partlyRefused(refused: readonly RefusedRecipient[]): Sent {
  if (refused.length === 0) return { note: null }
  if (refused.some(recipient => !isFinal(recipient))) throw refusalOf(refused, true)
  return { note: oneLine(refused.map(recipientText).join('; ')) }
}

function refusalOf(refused: readonly RefusedRecipient[], othersTookIt: boolean): ChannelError {
  const later = refused.filter(recipient => !isFinal(recipient))
  const reason = oneLine(refused.map(recipientText).join('; '))
  if (later.length === 0) return new ChannelError({ outcome: 'refused', reason })
  const left = later.flatMap(({ recipient }) => (recipient === undefined ? [] : [recipient]))
  const narrowed = othersTookIt || left.length < refused.length
  return new ChannelError({ outcome: 'retry', reason, remaining: narrowed && left.length > 0 ? left : undefined })
}

function isFinal(recipient: RefusedRecipient): boolean {
  return recipient.responseCode !== undefined && recipient.responseCode >= 500
}

function recipientText(refused: RefusedRecipient): string {
  const { response } = fieldsOf(refused)
  return `${refused.recipient ?? 'a recipient'} refused: ${response ?? 'no reason given'}`
}

function refusedRecipients(error: unknown): RefusedRecipient[] {
  if (!(error instanceof Error) || !('rejectedErrors' in error) || !Array.isArray(error.rejectedErrors)) return []
  return error.rejectedErrors.filter(entry => entry instanceof Error)
}

function fieldsOf(error: unknown): {
  responseCode: number | undefined
  response: string | undefined
  command: string | undefined
  message: string
} {
  const fields: Record<string, unknown> = error instanceof Error ? { ...error } : {}
  return {
    responseCode: typeof fields.responseCode === 'number' ? fields.responseCode : undefined,
    response: typeof fields.response === 'string' ? fields.response : undefined,
    command: typeof fields.command === 'string' ? fields.command : undefined,
    message: error instanceof Error ? error.message : 'no reason given',
  }
}

function retry(reason: string): ChannelError {
  return new ChannelError({ outcome: 'retry', reason })
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, REASON_LENGTH)
}
