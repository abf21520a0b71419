// A real SMTP server for tests: Debian's aiosmtpd with a Maildir, read back by Python's own mail parser, so that no
// code of ours judges what we sent.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PYTHON_PATH } from './debian-packages.ts'
import { freePort } from './free-port.ts'

export type ReceivedMail = {
  subject: string
  /** The header as a mail program shows it. */
  from: string
  to: string[]
  /** The plain text part. */
  text: string
  html: string
  /** By lower-case name. */
  headers: Record<string, string>
}

export type MailServer = {
  port: number
  /** Everything in the mailbox, oldest first. */
  messages(): Promise<ReceivedMail[]>
  /** Ends the server; the mailbox stays readable until `remove`. */
  stop(): Promise<void>
  /** Starts it again on the same port and mailbox. */
  startAgain(): Promise<void>
  /** Ends the server and removes its mailbox. */
  remove(): Promise<void>
}

const READY_WITHIN_MS = 15_000

const READ_MAILBOX = `
import email, email.policy, json, os, sys
mails = []
for folder in ('new', 'cur'):
    place = os.path.join(sys.argv[1], folder)
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
        path = os.path.join(place, name)
        with open(path, 'rb') as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        part = lambda kind: (lambda body: body.get_content() if body is not None else '')(mail.get_body((kind,)))
        mails.append((os.stat(path).st_mtime_ns, {
            'subject': mail['subject'] or '', 'from': mail['from'] or '',
            'to': [address.addr_spec for address in mail['to'].addresses] if mail['to'] else [],
            'text': part('plain'), 'html': part('html'),
            'headers': {name.lower(): str(value) for name, value in mail.items()}}))
print(json.dumps([mail for _, mail in sorted(mails, key=lambda entry: entry[0])]))
`

/** With `tls`: STARTTLS with this certificate and key (PEM files). */
export async function startMailServer(options: { tls?: { cert: string; key: string } } = {}): Promise<MailServer> {
  const directory = await mkdtemp(join(tmpdir(), 'pantau-mail-'))
  const maildir = join(directory, 'Maildir')
  const port = await freePort()
  let running: ChildProcess | null = await run(port, maildir, options.tls)

  async function stop() {
    if (running !== null) await end(running)
    running = null
  }
  return {
    port,
    async messages() {
      if (!existsSync(maildir)) return []
      const { stdout } = await promisify(execFile)(PYTHON_PATH, ['-c', READ_MAILBOX, maildir], { maxBuffer: 64 << 20 })
      return JSON.parse(stdout) as ReceivedMail[]
    },
    stop,
    async startAgain() {
      await stop()
      running = await run(port, maildir, options.tls)
    },
    async remove() {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function run(port: number, maildir: string, tls: { cert: string; key: string } | undefined) {
  const encryption = tls === undefined ? [] : ['--tlscert', tls.cert, '--tlskey', tls.key]
  const listen = ['-n', '-l', `127.0.0.1:${port}`, ...encryption, '-c', 'aiosmtpd.handlers.Mailbox', maildir]
  const child = spawn(PYTHON_PATH, ['-m', 'aiosmtpd', ...listen], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr?.on('data', chunk => {
    complaint += String(chunk)
  })
  const failure = new Promise<never>((_, reject) => {
    const missing = () => new Error('aiosmtpd is missing: install the Debian package python3-aiosmtpd')
    child.once('error', error => reject('code' in error && error.code === 'ENOENT' ? missing() : error))
    child.once('exit', code =>
      reject(
        complaint.includes('No module named') ? missing() : new Error(`aiosmtpd ended with ${code}: ${complaint}`),
      ),
    )
  })
  failure.catch(() => undefined)
  await Promise.race([greets(port), failure])
  return child
}

/** Resolves when a server greets on the port. */
async function greets(port: number): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until) {
    const greeted = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.setTimeout(1_000, () => socket.destroy())
      socket.once('data', data => {
        socket.end('QUIT\r\n')
        resolve(String(data).startsWith('220'))
      })
      socket.once('error', () => resolve(false))
      socket.once('close', () => resolve(false))
    })
    if (greeted) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`aiosmtpd did not answer on port ${port} within ${READY_WITHIN_MS / 1000} s`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(impatience)
}
