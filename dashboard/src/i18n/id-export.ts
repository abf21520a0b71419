/** Texts about taking samples along as a file. */
export const idExport = {
  'export.title': 'Unduh data',
  'export.metric': 'Metrik',
  'export.step': 'Baris',
  'export.step.raw': 'setiap sampel',
  'export.step.300': 'rata-rata 5 menit',
  'export.step.3600': 'rata-rata 1 jam',
  'export.step.86400': 'rata-rata 1 hari',
  'export.format': 'Format',
  'export.download': 'Unduh',
} as const
