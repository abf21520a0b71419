// What can be wrong between the machine and its collector, from the inside out: name, route, port, TLS, answer, key, clock.
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { PATHS } from '../../protocol/paths.ts'
import { reasonOf } from '../platform/logger.ts'
import { parseProblem } from '../uplink/answer.ts'
import { createHttpClient, type HttpAnswer, type Way } from '../uplink/http-client.ts'
import { codeOf, type Finding, finding } from './finding.ts'

const WITHIN_MS = 8_000
const SKEW_MS = 60_000

/** Stops at the first thing that is broken: what comes after it can't be judged. `key` is sent, never shown. */
export async function checkWay(way: Way, key: string | undefined, now: () => number): Promise<Finding[]> {
  const { collector, proxy } = way
  const next = proxy === undefined ? collector : new URL(proxy)
  const host = next.hostname.replace(/^\[|\]$/g, '')
  const port = Number(next.port) || (next.protocol === 'https:' ? 443 : 80)
  const via = proxy === undefined ? [] : [finding('ok', 'proxy', `goes through ${next.host}`, `melalui ${next.host}`)]

  const name = await checkName(host)
  if (name.state === 'problem') return [...via, name]
  const reached = await checkPort(host, port)
  if (reached.state === 'problem') return [...via, name, reached]
  return [...via, name, reached, ...(await checkAnswer(way, key, now))]
}

async function checkName(host: string): Promise<Finding> {
  try {
    const { address } = await lookup(host)
    return finding('ok', 'name', `${host} is ${address}`, `${host} adalah ${address}`)
  } catch {
    return finding(
      'problem',
      'name',
      `the name ${host} can't be resolved: look at /etc/resolv.conf, or use an address`,
      `nama ${host} tidak dapat ditemukan: periksa /etc/resolv.conf, atau pakai alamat`,
    )
  }
}

function checkPort(host: string, port: number): Promise<Finding> {
  const there = `${host} port ${port}`
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: WITHIN_MS })
    const end = (found: Finding): void => {
      socket.destroy()
      resolve(found)
    }
    const problem = (en: string, id: string): void => end(finding('problem', 'port', en, id))
    socket.once('connect', () => end(finding('ok', 'port', `${there} answers`, `${there} menjawab`)))
    socket.once('timeout', () =>
      problem(
        `${there} does not answer: a firewall drops it, or the machine is off`,
        `${there} tidak menjawab: dibuang firewall, atau mesinnya mati`,
      ),
    )
    socket.once('error', error => {
      const code = codeOf(error)
      if (code === 'ECONNREFUSED')
        return problem(
          `${there} refuses: the collector does not run, or listens elsewhere`,
          `${there} menolak: kolektor tidak berjalan, atau mendengarkan di tempat lain`,
        )
      if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
        return problem(`there is no route to ${host}`, `tidak ada rute ke ${host}`)
      problem(`${there} can't be reached: ${reasonOf(error)}`, `${there} tidak terjangkau: ${reasonOf(error)}`)
    })
  })
}

async function checkAnswer(way: Way, key: string | undefined, now: () => number): Promise<Finding[]> {
  const client = createHttpClient(way)
  try {
    // With a good key the empty question itself is refused, so nothing is changed by asking.
    const answer = await client.post({
      path: PATHS.upgradeOffer[1],
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: Buffer.from('{}'),
      timeoutMs: WITHIN_MS,
    })
    const secure =
      way.collector.protocol === 'https:'
        ? [finding('ok', 'tls', 'the collector is the right one', 'kolektornya benar')]
        : []
    const said = judgeAnswer(answer, key)
    // The clock of something that is no collector proves nothing.
    return [...secure, said, ...(said.name === 'http' && said.state === 'problem' ? [] : judgeClock(answer, now()))]
  } catch (error) {
    return [judgeTlsError(error)]
  } finally {
    client.close()
  }
}

function judgeTlsError(error: unknown): Finding {
  const code = codeOf(error) ?? ''
  const reason = reasonOf(error)
  const problem = (en: string, id: string) => finding('problem', 'tls', en, id)
  if (reason.includes('not the pinned one')) {
    return problem(
      `${reason}: the collector was replaced, or someone is in between. Ask the NOC for its pin`,
      'kunci kolektor bukan yang dikenal: kolektor diganti, atau ada pihak di tengah. Tanyakan pin-nya ke NOC',
    )
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const clock = new Date().toISOString()
    return problem(
      `the certificate is not valid at this time: it ended, or this clock is wrong (${clock})`,
      `sertifikat tidak berlaku saat ini: sudah berakhir, atau jam ini salah (${clock})`,
    )
  }
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/.test(code)) {
    return problem(
      'nobody whom this machine trusts vouches for the certificate: set --pin or --ca',
      'sertifikat tidak dijamin oleh siapa pun yang dipercaya mesin ini: isi --pin atau --ca',
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem(
      'the certificate is for another name than the one in --collector',
      'sertifikat untuk nama lain, bukan yang ada di --collector',
    )
  }
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code.startsWith('ERR_SSL')) {
    return problem(
      'what answers there does not speak TLS: is it the http port?',
      'yang menjawab di sana bukan TLS: apakah itu port http?',
    )
  }
  return finding('problem', 'http', `no whole answer: ${reason}`, `jawaban tidak utuh: ${reason}`)
}

function judgeAnswer({ status, text }: HttpAnswer, key: string | undefined): Finding {
  const fields = parseProblem(text)
  if (fields === undefined) {
    return finding(
      'problem',
      'http',
      `what answers there is no collector (status ${status})`,
      `yang menjawab di sana bukan kolektor (status ${status})`,
    )
  }
  if (key === undefined) return finding('ok', 'http', 'a collector answers', 'kolektor menjawab')
  if (fields.code === 'agent-revoked') {
    return finding(
      'problem',
      'key',
      'the key of this agent was revoked on the collector: install again with a new token',
      'kunci agen ini dicabut di kolektor: pasang lagi dengan token baru',
    )
  }
  if (status === 401) {
    return finding(
      'problem',
      'key',
      'this collector does not know the key: it is another one, or its data was replaced. Install again with a new token',
      'kolektor ini tidak mengenal kuncinya: kolektornya lain, atau datanya diganti. Pasang lagi dengan token baru',
    )
  }
  if (status === 400) return finding('ok', 'key', 'the collector knows this agent', 'kolektor mengenal agen ini')
  return finding(
    'problem',
    'http',
    `the collector has trouble: ${status} ${fields.code}`,
    `kolektor bermasalah: ${status} ${fields.code}`,
  )
}

function judgeClock({ headers }: HttpAnswer, now: number): Finding[] {
  const theirs = Date.parse(headers.date ?? '')
  if (Number.isNaN(theirs)) return []
  const offMs = now - theirs
  const seconds = Math.round(Math.abs(offMs) / 1000)
  if (Math.abs(offMs) < SKEW_MS) return [finding('ok', 'clock', 'agrees with the collector', 'sama dengan kolektor')]
  const [en, id] = offMs > 0 ? ['ahead of', 'lebih cepat dari'] : ['behind', 'terlambat dari']
  return [
    finding(
      'warning',
      'clock',
      `this clock is ${seconds} s ${en} the collector's: set up NTP; samples are corrected meanwhile`,
      `jam ini ${seconds} detik ${id} kolektor: pasang NTP; hasil ukur dikoreksi sementara`,
    ),
  ]
}
