// How pgBackRest is called. It refuses to work as root in places and its files belong to the database's user: where the agent
// is root it runs as that user.
import { readFile } from 'node:fs/promises'
import { FieldError, type Fields, optionalPath, optionalText, textField } from '../fields.ts'
import { type Signs, type Trouble, troubleOf } from '../program-trouble.ts'
import { type ProgramEnd, runProgram } from '../run-program.ts'

export type PgbackrestRepository = {
  program: string
  stanza: string
  /** pgBackRest's own file, with repository and secrets; where it looks by itself when left out. */
  config: string | undefined
  /** Which of several repositories ("repo1" is 1); all of them are one place when left out. */
  repository: number | undefined
  /** As whom it runs where the agent is root. */
  user: string
}
export const PGBACKREST_FIELDS = ['program', 'stanza', 'config', 'repository', 'user'] as const

export function repositoryFields(fields: Fields): PgbackrestRepository {
  const repository = optionalText(fields, 'repository')
  if (repository !== undefined && !/^[1-9]\d{0,2}$/.test(repository))
    throw new FieldError('repository', 'must be the number of the repository, such as 1 for repo1')
  const stanza = textField(fields, 'stanza')
  if (!/^[\w.-]+$/.test(stanza)) throw new FieldError('stanza', 'must be the name of a stanza')
  return {
    program: optionalText(fields, 'program') ?? 'pgbackrest',
    stanza,
    config: optionalPath(fields, 'config'),
    repository: repository === undefined ? undefined : Number(repository),
    user: optionalText(fields, 'user') ?? 'postgres',
  }
}

export type User = { uid: number; gid: number }
export type Pgbackrest = {
  trouble: null
  user: User | undefined
  run(args: readonly string[], onOutput?: (part: Buffer) => void): Promise<ProgramEnd>
  troubleOf(end: ProgramEnd): Trouble
}

export const SIGNS: Signs = [
  [/unable to flush|key\/value found outside of section/i, 'wrong-password'],
  [/unable to acquire lock/i, 'locked'],
  [/missing stanza|no prior backup|does not exist in the repo/i, 'repository-missing'],
  [
    /does not match expected (checksum|size)|actual checksum|zlib threw error|cipher header|unable to open missing file .*pg_data|unable to load info file|unable to load backup manifest|FormatError|decompress/i,
    'damaged',
  ],
  [/unable to open missing file|requires option|invalid (option|value)|must be absolute/i, 'configuration-wrong'],
  [/HostConnectError|unable to get address|TLS error|timeout (connecting|after)/i, 'unreachable'],
]

export async function openPgbackrest(job: PgbackrestRepository, signal: AbortSignal): Promise<Pgbackrest | Trouble> {
  const user = process.getuid?.() === 0 ? await userNamed(job.user) : undefined
  if (user === null) return { trouble: 'configuration-wrong', detail: `user: there is no ${job.user} on this machine` }
  const common = [
    `--stanza=${job.stanza}`,
    ...(job.config === undefined ? [] : [`--config=${job.config}`]),
    ...(job.repository === undefined ? [] : [`--repo=${job.repository}`]),
    ...['--log-level-stderr=warn', '--log-level-file=off'],
  ]
  return {
    trouble: null,
    user,
    run: (args, onOutput) =>
      runProgram(job.program, [...common, ...args], {
        ...{ signal, cwd: '/' },
        ...(user === undefined ? {} : { user }),
        ...(onOutput === undefined ? {} : { onOutput }),
      }),
    troubleOf: end => troubleOf(end, { signs: SIGNS }),
  }
}

/** `null` where the machine has no such user. */
async function userNamed(name: string): Promise<User | null> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const [, , uid, gid] = users.find(([known]) => known === name) ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}
