// How restic is called. Where the repository is and what opens it goes by the environment, not by the arguments: those stand
// in the list of processes for all to read.
import { CREDENTIAL_FIELDS, type CredentialFiles, credentialFields, readCredentials } from '../credentials.ts'
import { type Fields, optionalPath, optionalText, textField } from '../fields.ts'
import { type Signs, type Trouble, troubleOf } from '../program-trouble.ts'
import { type ProgramEnd, runProgram } from '../run-program.ts'

export type ResticRepository = CredentialFiles & {
  program: string
  /** As restic has it: a path, sftp:, rest:, s3: ... */
  repository: string
  /** Makes looking at far repositories cheap; without it nothing is kept on this machine. */
  cacheDirectory: string | undefined
}
export const RESTIC_FIELDS = ['program', 'repository', 'cacheDirectory', ...CREDENTIAL_FIELDS] as const

export function repositoryFields(fields: Fields): ResticRepository {
  return {
    ...credentialFields(fields),
    program: optionalText(fields, 'program') ?? 'restic',
    repository: textField(fields, 'repository'),
    cacheDirectory: optionalPath(fields, 'cacheDirectory'),
  }
}

export type Restic = {
  trouble: null
  run(args: readonly string[], onOutput?: (part: Buffer) => void): Promise<ProgramEnd>
  troubleOf(end: ProgramEnd): Trouble
}

const SIGNS: Signs = [
  [/wrong password or no key found|empty password is not a password/i, 'wrong-password'],
  [/already locked/i, 'locked'],
  [
    /ciphertext verification failed|invalid data returned|pack id does not match|repository contains errors|does not exist in (the )?index|not found in (the )?index|unexpected EOF|hash does not match|could not load snapshot|invalid content|error.*loading tree/i,
    'damaged',
  ],
  [
    /config: no such file or directory|config>? does not exist|repository does not exist|NoSuchBucket|bucket does not exist/i,
    'repository-missing',
  ],
  [/SignatureDoesNotMatch|InvalidAccessKeyId|unexpected HTTP response \(40[13]\)/i, 'permission-denied'],
  [
    /resolving password|please specify (password|repository)|invalid backend|parsing repository location/i,
    'configuration-wrong',
  ],
]
/** From 0.17 on; before, all of it was 1. */
const CODES = { 10: 'repository-missing', 11: 'locked', 12: 'wrong-password' } as const

export async function openRestic(job: ResticRepository, signal: AbortSignal): Promise<Restic | Trouble> {
  const credentials = await readCredentials(job)
  if (credentials.trouble !== null) return credentials
  const { password, secrets } = credentials
  const env = {
    ...credentials.env,
    RESTIC_REPOSITORY: job.repository,
    ...(password === undefined ? {} : { RESTIC_PASSWORD: password }),
  }
  const cache = job.cacheDirectory === undefined ? '--no-cache' : `--cache-dir=${job.cacheDirectory}`
  return {
    trouble: null,
    run: (args, onOutput) =>
      runProgram(job.program, [...args, cache], { env, signal, ...(onOutput === undefined ? {} : { onOutput }) }),
    troubleOf: end => troubleOf(end, { signs: SIGNS, codes: CODES, secrets }),
  }
}
