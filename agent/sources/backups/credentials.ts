// What a job needs to get in stands in files of its own, read when they are needed and kept nowhere.
import { readFile } from 'node:fs/promises'
import { type Fields, optionalPath } from './fields.ts'
import type { Trouble } from './program-trouble.ts'
import { secretsOf } from './without-secrets.ts'

export type CredentialFiles = {
  /** Its only line is the password. */
  passwordFile: string | undefined
  /** Lines NAME=value, as systemd's EnvironmentFile has them. */
  environmentFile: string | undefined
}
export const CREDENTIAL_FIELDS = ['passwordFile', 'environmentFile'] as const

export function credentialFields(fields: Fields): CredentialFiles {
  return {
    passwordFile: optionalPath(fields, 'passwordFile'),
    environmentFile: optionalPath(fields, 'environmentFile'),
  }
}

export type Credentials = {
  trouble: null
  password: string | undefined
  env: Record<string, string>
  /** What must not be seen in any word that is passed on. */
  secrets: string[]
}

export async function readCredentials(files: CredentialFiles): Promise<Credentials | Trouble> {
  try {
    const env = files.environmentFile === undefined ? {} : parseEnvironment(await readSmall(files.environmentFile))
    const password = files.passwordFile === undefined ? undefined : oneLine(await readSmall(files.passwordFile))
    return { trouble: null, password, env, secrets: [...secretsOf(env), ...(password === undefined ? [] : [password])] }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { trouble: code === 'EACCES' ? 'permission-denied' : 'configuration-wrong', detail: message }
  }
}

const LONGEST_FILE = 64 * 1024

async function readSmall(path: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  if (text.length > LONGEST_FILE) throw new Error(`${path} is too long for what it should be`)
  return text
}

/** As the programs read their own: the break at the end does not belong to the password. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}

/** Comments and empty lines are left out, quotes around a value are taken off; a line of another kind is an error. */
export function parseEnvironment(text: string): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const [, name, value] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`line ${i + 1} is not NAME=value`)
    env[name] = /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value
  }
  return env
}
