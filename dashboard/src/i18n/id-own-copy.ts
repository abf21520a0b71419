/** Texts about copies of the collector itself; `en-own-copy.ts` has the same keys. */
export const idOwnCopy = {
  'own-copy.fresh': 'Umur salinan terbaru Pantau sendiri:',
  'own-copy.old': 'Pantau sendiri sudah lebih dari delapan hari tidak disalin. Umur salinan terbarunya:',
  'own-copy.never':
    'Pantau sendiri belum punya salinan. Jalankan “pantau backup-self --to FOLDER” di mesinnya setiap hari.',
  'own-copy.flawed': 'Ada yang tidak utuh pada kolektor sendiri, jadi juga dalam salinan ini: {flaws}.',
  'own-copy.failed': 'Percobaan terakhir, ke {path}, gagal: {reason}.',
}
