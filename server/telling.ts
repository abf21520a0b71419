// Notices and mails to people, woken by what happens, and the old ones cleared away.
import { createNotifier, type NotifierDeps } from './notify/notifier.ts'
import { pruneOld } from './notify/prune.ts'
import { createReminderMails } from './notify/reminder-mails.ts'
import type { Lifecycle } from './platform/lifecycle.ts'

const DAY_MS = 86_400_000

export type Telling = { wake(): void; start(): void }

export function createTelling({ lifecycle, ...deps }: NotifierDeps & { lifecycle: Lifecycle }): Telling {
  const { records, changes, log, now } = deps
  const reminderMails = createReminderMails(deps)
  lifecycle.onClose('reminder mails', () => reminderMails.stop())
  const notifier = createNotifier(deps)
  lifecycle.onClose('notifier', () => notifier.stop())
  lifecycle.onClose(
    'notifier wake',
    changes.onAppend(change => {
      if (change.kind !== 'incident') return
      notifier.wake()
      reminderMails.wake()
    }),
  )
  return {
    wake: () => notifier.wake(),
    start() {
      const timer = setInterval(() => {
        pruneOld(records, now()).catch(error => log.error({ err: error }, 'What is old could not be removed'))
      }, DAY_MS)
      lifecycle.onClose('pruning', () => clearInterval(timer))
      notifier.start()
      reminderMails.start()
    },
  }
}
