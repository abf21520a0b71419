import { useState } from 'preact/hooks'
import { PATHS } from '../../../../protocol/paths.ts'
import type { ServerView } from '../../../../protocol/server-views.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../../../protocol/vocabulary.ts'
import { now } from '../../app/clock.ts'
import { RANGE_MS, RANGES, type RangeName } from '../../charts/ranges.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'

const STEPS = ['raw', '300', '3600', '86400'] as const
type Step = (typeof STEPS)[number]

/** The samples of one metric as a file: the browser asks for it, the collector streams it. */
export function ExportBlock({ view }: { view: ServerView }) {
  const names = view.metrics.map(({ metric }) => metric)
  const [chosen, setChosen] = useState<string | null>(null)
  const [range, setRange] = useState<RangeName>('24h')
  const [step, setStep] = useState<Step>('raw')
  const [format, setFormat] = useState<ExportFormat>('csv')
  const metric = chosen ?? names[0]
  if (metric === undefined) return null
  // To the minute: a link that changes each second could not be clicked.
  const to = Math.ceil(now.value / 60_000) * 60_000
  const query = new URLSearchParams({
    subject: view.tile.id,
    metric,
    format,
    from: String(to - RANGE_MS[range]),
    to: String(to),
    ...(step === 'raw' ? {} : { stepMs: String(Number(step) * 1000) }),
  })
  return (
    <Panel title={t('export.title')}>
      <div class="form-row">
        <SelectField
          label={t('export.metric')}
          value={metric}
          onValue={setChosen}
          choices={names.map(value => ({ value, label: value }))}
        />
        <SelectField
          label={t('graphs.range')}
          value={range}
          onValue={value => setRange(RANGES.find(name => name === value) ?? '24h')}
          choices={RANGES.map(value => ({ value, label: t(`range.${value}`) }))}
        />
        <SelectField
          label={t('export.step')}
          value={step}
          onValue={value => setStep(STEPS.find(name => name === value) ?? 'raw')}
          choices={STEPS.map(value => ({ value, label: t(`export.step.${value}`) }))}
        />
        <SelectField
          label={t('export.format')}
          value={format}
          onValue={value => setFormat(EXPORT_FORMATS.find(name => name === value) ?? 'csv')}
          choices={EXPORT_FORMATS.map(value => ({ value, label: value === 'csv' ? 'CSV' : 'Parquet' }))}
        />
      </div>
      <div class="form-actions">
        <a class="button" href={`${PATHS.exportSeries[1]}?${query}`} download>
          {t('export.download')}
        </a>
      </div>
    </Panel>
  )
}
