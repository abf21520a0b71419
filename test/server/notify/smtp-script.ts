// A mail server that misbehaves as it is told: refuses logins or recipients, hangs, or breaks off in the middle.
import { createServer, type Socket } from 'node:net'
import { freePort } from '../../support/free-port.ts'
import { atEnd } from './house.ts'

export type SmtpScript = {
  /** Answer to a line of the client; null breaks the connection, '' says nothing. Default: what a friendly server says. */
  answer: (line: string) => string | null | undefined
  /** Lines of the answer to EHLO after the first one. */
  offers?: string[]
}

export async function startSmtpScript(script: SmtpScript, port?: number) {
  const lines: string[] = []
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write('220 script ready\r\n')
    let rest = ''
    let inData = false
    socket.on('data', chunk => {
      const parts = (rest + String(chunk)).split('\r\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        if (inData && line !== '.') continue
        lines.push(line)
        const answer = script.answer(line)
        inData = answer === undefined && line === 'DATA'
        if (answer === null) socket.destroy()
        else if (answer !== '') socket.write(`${answer ?? friendly(line, script.offers ?? [])}\r\n`)
      }
    })
  })
  const chosen = port ?? (await freePort())
  await new Promise<void>(resolve => server.listen(chosen, '127.0.0.1', resolve))
  async function stop() {
    for (const socket of open) socket.destroy()
    if (server.listening) await new Promise(resolve => server.close(resolve))
  }
  atEnd(stop)
  return { port: chosen, lines, stop }
}

function friendly(line: string, offers: string[]): string {
  if (line.startsWith('EHLO'))
    return ['script', ...offers].map((word, at, all) => `250${at === all.length - 1 ? ' ' : '-'}${word}`).join('\r\n')
  if (line === 'DATA') return '354 go on'
  if (line === 'QUIT') return '221 bye'
  return '250 fine'
}
