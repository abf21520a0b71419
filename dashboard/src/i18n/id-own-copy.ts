/** Texts about copies of the collector itself; `en-own-copy.ts` has the same keys. */
export const idOwnCopy = {
  'own-copy.fresh': 'Pantau sendiri terakhir disalin',
  'own-copy.old': 'Pantau sendiri sudah lebih dari delapan hari tidak disalin: terakhir',
  'own-copy.never':
    'Pantau sendiri belum punya salinan. Jalankan “pantau backup-self --to FOLDER” di mesinnya setiap hari.',
  'own-copy.failed': 'Percobaan terakhir, ke {path}, gagal: {reason}.',
}
