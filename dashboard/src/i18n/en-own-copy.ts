import type { idOwnCopy } from './id-own-copy.ts'

/** Texts about copies of the collector itself, in English; `id-own-copy.ts` has the same keys. */
export const enOwnCopy: Record<keyof typeof idOwnCopy, string> = {
  'own-copy.fresh': 'Age of the newest copy of Pantau itself:',
  'own-copy.old': 'Pantau itself has not been copied for more than eight days. Age of its newest copy:',
  'own-copy.never': 'Pantau itself has no copy. Run “pantau backup-self --to FOLDER” on its machine, each day.',
  'own-copy.flawed': 'In the collector itself, and so in this copy, something does not hold: {flaws}.',
  'own-copy.failed': 'The last try, to {path}, failed: {reason}.',
}
