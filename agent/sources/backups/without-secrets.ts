// Takes out of a program's words what nobody else may read.

const HIDDEN = '***'

const PATTERNS: readonly [RegExp, string][] = [
  // https://user:password@host
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi, `$1:${HIDDEN}@`],
  [
    /\b((?:[a-z0-9]+[_-])*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)(?:[_-][a-z0-9]+)*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;"']+)/gi,
    `$1${HIDDEN}`,
  ],
  [/(--(?:password|passphrase|token|secret)\s+)\S+/gi, `$1${HIDDEN}`],
  [/\b((?:authorization:\s*)?(?:bearer|basic)\s+)[a-z0-9+/=._-]{8,}/gi, `$1${HIDDEN}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, HIDDEN],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
]

/** `secrets` are texts that are known to be some; short ones would hit by chance and are left. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter(secret => secret.length >= 4).sort((a, b) => b.length - a.length)
  const cleaned = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return PATTERNS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), cleaned)
}

/** Values of variables whose name says that they are secret. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value && /PASS|PWD$|SECRET|TOKEN|KEY|CREDENTIAL/i.test(name) && value !== env.PWD ? [value] : [],
  )
}

/**
 * The last words of a program as one line of at most `longest` characters: what it complained of stands at the end. "" for
 * none. Control characters and colours are gone.
 */
export function lastWords(text: string, longest: number, secrets: readonly string[] = []): string {
  const cleaned = withoutSecrets(text, secrets)
    .replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g'), '')
    .split(/[\r\n]+/)
    .map(line => line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim())
    .filter(line => line !== '')
    .join(' | ')
  return cleaned.length <= longest ? cleaned : `…${cleaned.slice(-(longest - 1))}`
}
