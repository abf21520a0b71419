// E-mail by SMTP (RFC 5321). Certificates are always verified; without encryption only to this very machine.
import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { defineChannel, type SendJob, type Sent } from './channel.ts'
import { isLoopback } from './connection-reason.ts'
import { splitList } from './field-values.ts'
import { mailHtml, mailSubject, mailText } from './mail-body.ts'
import { mailError, partlyRefused } from './mail-error.ts'

const CONNECT_TIMEOUT_MS = 10_000

const mailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@<>()[\]\\,;:"\p{Cc}]+@[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/u, 'must be a mail address')

const settings = z
  .strictObject({
    host: z.string().regex(/^(?:[a-zA-Z0-9.-]{1,253}|[0-9a-fA-F:.]{2,45})$/, 'must be a host name or an IP address'),
    port: z.int().min(1).max(65_535),
    security: z.enum(['starttls', 'tls', 'none']),
    user: z.string().max(200).optional(),
    password: z.string().max(500).optional(),
    from: mailAddress,
    to: z.string().transform(splitList).pipe(z.array(mailAddress).min(1).max(50)),
    language: z.enum(['id', 'en', 'both']),
  })
  .superRefine((values, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (values.security === 'none' && !isLoopback(values.host))
      wrong('security', 'without encryption only to a mail server on this machine (localhost)')
    if (values.user !== undefined && values.password === undefined) wrong('password', 'is needed with a user')
    if (values.user === undefined && values.password !== undefined) wrong('user', 'is needed with a password')
  })

export type EmailSettings = z.output<typeof settings>

export const emailChannel = defineChannel({
  kind: 'email',
  title: { id: 'Surel', en: 'E-mail' },
  secretsShownTo: ['host'],
  settings,
  send: sendMail,
  fields: [
    {
      name: 'host',
      label: { id: 'Server surel', en: 'Mail server' },
      help: { id: 'Nama host atau alamat IP', en: 'Host name or IP address' },
      type: 'text',
      required: true,
      default: null,
    },
    { name: 'port', label: { id: 'Port', en: 'Port' }, help: null, type: 'number', required: true, default: 587 },
    {
      name: 'security',
      label: { id: 'Enkripsi', en: 'Encryption' },
      help: {
        id: 'Sertifikat server selalu diperiksa. Tanpa enkripsi hanya ke server di mesin ini.',
        en: "The server's certificate is always checked. Without encryption only to a server on this machine.",
      },
      type: 'choice',
      choices: [
        { value: 'starttls', label: { id: 'STARTTLS (port 587)', en: 'STARTTLS (port 587)' } },
        { value: 'tls', label: { id: 'TLS (port 465)', en: 'TLS (port 465)' } },
        { value: 'none', label: { id: 'Tanpa enkripsi', en: 'None' } },
      ],
      required: true,
      default: 'starttls',
    },
    { name: 'user', label: { id: 'Pengguna', en: 'User' }, help: null, type: 'text', required: false, default: null },
    {
      name: 'password',
      label: { id: 'Kata sandi', en: 'Password' },
      help: null,
      type: 'secret',
      required: false,
      default: null,
    },
    {
      name: 'from',
      label: { id: 'Alamat pengirim', en: 'Sender address' },
      help: null,
      type: 'email',
      required: true,
      default: null,
    },
    {
      name: 'to',
      label: { id: 'Penerima', en: 'Recipients' },
      help: { id: 'Alamat dipisah koma', en: 'Addresses separated by commas' },
      type: 'list',
      required: true,
      default: null,
    },
    {
      name: 'language',
      label: { id: 'Bahasa', en: 'Language' },
      help: null,
      type: 'choice',
      choices: [
        { value: 'id', label: { id: 'Indonesia', en: 'Indonesian' } },
        { value: 'en', label: { id: 'Inggris', en: 'English' } },
        { value: 'both', label: { id: 'Keduanya', en: 'Both' } },
      ],
      required: true,
      default: 'id',
    },
  ],
})

async function sendMail(job: SendJob<EmailSettings>): Promise<Sent> {
  const { settings: server, message, deliveryId } = job
  const where = `${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    auth: server.user === undefined ? undefined : { user: server.user, pass: server.password },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const info = await transport.sendMail({
      from: { name: `Pantau ${message.place}`, address: server.from },
      to: server.to.map(address => ({ name: '', address })),
      envelope: { from: server.from, to: job.remaining ?? server.to },
      subject: mailSubject(message, server.language),
      text: mailText(message, server.language),
      html: mailHtml(message, server.language),
      messageId: messageId(deliveryId, server.from),
      ...(message.follows === null
        ? {}
        : { inReplyTo: messageId(message.follows, server.from), references: messageId(message.follows, server.from) }),
      headers: {
        'Auto-Submitted': 'auto-generated',
        'Pantau-Delivery': deliveryId,
      },
      date: new Date(job.at),
      signal: job.signal,
    })
    return partlyRefused(info.rejectedErrors ?? [])
  } catch (error) {
    throw mailError(error, where)
  } finally {
    transport.close()
  }
}

/** RFC 5322 3.6.4; the domain is the sender's, as mail filters expect. */
function messageId(deliveryId: string, from: string): string {
  return `<${deliveryId}@pantau.${from.slice(from.lastIndexOf('@') + 1)}>`
}
