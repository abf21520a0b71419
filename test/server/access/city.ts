// A collector's access with a real database in a directory of its own, a clock that the story turns, and people.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { ProblemCode } from '../../../protocol/problem.ts'
import type { Role } from '../../../protocol/vocabulary.ts'
import { type Actor, ANONYMOUS, userActor } from '../../../server/access/actor.ts'
import { authenticate } from '../../../server/access/authenticate.ts'
import { createUser } from '../../../server/access/create-user.ts'
import { createLoginThrottle } from '../../../server/access/login-throttle.ts'
import { createPasswords } from '../../../server/access/passwords.ts'
import { sessionCookie } from '../../../server/access/session-cookie.ts'
import { setUp } from '../../../server/access/set-up.ts'
import { prepareSetUpLink } from '../../../server/access/setup-link.ts'
import { signIn } from '../../../server/access/sign-in.ts'
import { createSignInFailures } from '../../../server/access/sign-in-failures.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const MONDAY = Date.UTC(2026, 10, 23, 1)
export const PASSWORD = 'kopi tubruk tanpa gula'
export const OFFICE = '192.0.2.10'

const opened: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const city of opened.splice(0)) await city.close()
})

export type City = Awaited<ReturnType<typeof openCity>>

export async function openCity() {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-access-'))
  const records = await openRecords({ directory })
  const clock = { at: MONDAY }
  const logLines: string[] = []
  const deps = {
    records,
    changes: createChangeFeed(),
    passwords: createPasswords(),
    throttle: createLoginThrottle(),
    failures: createSignInFailures(),
    log: createLogger({ level: 'info', destination: { write: line => void logLines.push(line) } }),
    now: () => clock.at,
  }
  opened.push({
    close: async () => {
      await records.destroy()
      rmSync(directory, { recursive: true })
    },
  })

  const authenticated = (secret: string) =>
    authenticate(
      { records, adminTokenHash: null },
      {
        cookieHeader: sessionCookie({ secret, role: 'viewer', https: false }).split(';')[0],
        authorizationHeader: undefined,
        https: false,
        at: clock.at,
      },
    )

  return {
    ...deps,
    deps,
    directory,
    clock,
    logLines,
    /** Makes the first administrator, "ayu". */
    async setUp() {
      const link = await prepareSetUpLink(deps)
      const signedIn = await setUp.perform(deps, ANONYMOUS, {
        link,
        name: 'ayu',
        displayName: 'Ayu Lestari',
        password: PASSWORD,
      })
      return { ...signedIn, actor: userActor(signedIn.user) }
    },
    async addUser(actor: Actor, name: string, role: Role) {
      const user = await createUser.perform(deps, actor, { name, displayName: `Bpk ${name}`, role, password: PASSWORD })
      return { ...user, actor: userActor(user) }
    },
    signIn: (name: string, password = PASSWORD, remoteAddress = OFFICE) =>
      signIn.perform(deps, ANONYMOUS, { name, password, remoteAddress }),
    authenticated,
    isSignedIn: async (secret: string) => (await authenticated(secret)).user !== null,
    auditActions: async () =>
      (await records.selectFrom('audit').select('action').orderBy('seq').execute()).map(row => row.action),
    accessChanges: () =>
      deps.changes.since(0).changes.flatMap(change => (change.kind === 'access' ? [change.userId] : [])),
  }
}

/** The code of the refusal; fails the story when there was none. */
export async function refusal(work: Promise<unknown>): Promise<ProblemCode> {
  return (await problem(work)).code
}

export async function problem(work: Promise<unknown>): Promise<ProblemError> {
  const outcome = await work.then(
    value => ({ value }),
    (error: unknown) => error,
  )
  if (outcome instanceof ProblemError) return outcome
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`, { cause: outcome })
}
