// How Borg is called: repository and passphrase by the environment, where no list of processes shows them.
// https://borgbackup.readthedocs.io/en/1.2-maint/internals/frontends.html
import { CREDENTIAL_FIELDS, type CredentialFiles, credentialFields, readCredentials } from '../credentials.ts'
import { type Fields, optionalPath, optionalText, textField } from '../fields.ts'
import { type Signs, type Trouble, troubleOf } from '../program-trouble.ts'
import { type ProgramEnd, runProgram } from '../run-program.ts'

export type BorgRepository = CredentialFiles & {
  program: string
  /** As Borg has it: a path or ssh://user@host/path. */
  repository: string
  /** Where Borg keeps what it knows of repositories; its own place below HOME when left out. */
  baseDirectory: string | undefined
}
export const BORG_FIELDS = ['program', 'repository', 'baseDirectory', ...CREDENTIAL_FIELDS] as const

export function repositoryFields(fields: Fields): BorgRepository {
  return {
    ...credentialFields(fields),
    program: optionalText(fields, 'program') ?? 'borg',
    repository: textField(fields, 'repository'),
    baseDirectory: optionalPath(fields, 'baseDirectory'),
  }
}

export type Borg = {
  trouble: null
  run(args: readonly string[], more?: { onOutput?: (part: Buffer) => void; cwd?: string }): Promise<ProgramEnd>
  troubleOf(end: ProgramEnd): Trouble
}

const SIGNS: Signs = [
  [/"msgid": "(PassphraseWrong|PasscommandFailure|NoPassphraseFailure|Passphrase\w*)"/, 'wrong-password'],
  [/"msgid": "LockTimeout"/, 'locked'],
  [/"msgid": "Repository\.(DoesNotExist|InvalidRepository|ParentPathDoesNotExist)"/, 'repository-missing'],
  [/"msgid": "Repository\.(InsufficientFreeSpaceError|StorageQuotaExceeded)"/, 'disk-full'],
  // A config file that is no text any more, and objects that the index promised.
  [
    /"msgid": "(IntegrityError|Repository\.(ObjectNotFound|CheckNeeded|AtticRepository)|Cache\.RepositoryReplay|NoManifestError|DecompressionError)"|UnicodeDecodeError|configparser|binascii\.Error|msgpack\.exceptions|IntegrityError|ObjectNotFound|errors found|check complete, problems/,
    'damaged',
  ],
  [/"msgid": "PathNotAllowed"|Permission denied \(/, 'permission-denied'],
  [/"msgid": "ConnectionClosed(WithHint)?"/, 'unreachable'],
]

/** How long another one that holds the repository is waited for. */
const LOCK_WAIT_S = 30

export async function openBorg(job: BorgRepository, signal: AbortSignal): Promise<Borg | Trouble> {
  const credentials = await readCredentials(job)
  if (credentials.trouble !== null) return credentials
  const { password, secrets } = credentials
  const env = {
    BORG_LOCK_WAIT: String(LOCK_WAIT_S),
    ...credentials.env,
    BORG_REPO: job.repository,
    ...(password === undefined ? {} : { BORG_PASSPHRASE: password }),
    ...(job.baseDirectory === undefined ? {} : { BORG_BASE_DIR: job.baseDirectory }),
    // Nobody is there to be asked; which repository it is stands in the file of the machine's own administrator.
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
    BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
    // Borg tells times without a zone, in the machine's own.
    TZ: 'UTC',
  }
  const wait = env.BORG_LOCK_WAIT
  return {
    trouble: null,
    run: (args, more) =>
      runProgram(job.program, ['--log-json', `--lock-wait=${wait}`, ...args], { ...more, env, signal }),
    troubleOf: end => troubleOf(end, { signs: SIGNS, secrets, complaint: complaintIn }),
  }
}

/**
 * The messages of a log in JSON. A traceback says by its last line what "Local Exception" is; otherwise it is left out. The
 * log as it is where it has no message.
 */
export function complaintIn(log: string): string {
  const messages = log.split('\n').flatMap(line => {
    try {
      const { message, levelname } = JSON.parse(line)
      if (typeof message !== 'string' || !/^(ERROR|CRITICAL|WARNING)$/.test(levelname)) return []
      if (message.startsWith('Traceback')) return /^[\w.]+(?:Error|Exception): .*$/m.exec(message)?.[0] ?? []
      return message === 'Local Exception' ? [] : [message]
    } catch {
      return []
    }
  })
  return messages.length > 0 ? messages.join('\n') : log
}
