import type { idExport } from './id-export.ts'

/** The same texts in English. */
export const enExport: Record<keyof typeof idExport, string> = {
  'export.title': 'Download data',
  'export.metric': 'Metric',
  'export.step': 'Rows',
  'export.step.raw': 'each sample',
  'export.step.300': 'averages of 5 minutes',
  'export.step.3600': 'averages of 1 hour',
  'export.step.86400': 'averages of 1 day',
  'export.format': 'Format',
  'export.download': 'Download',
}
