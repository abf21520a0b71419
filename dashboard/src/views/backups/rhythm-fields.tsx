import { COPY_PLACES } from '../../../../protocol/backup-words.ts'
import type { SiteView } from '../../../../protocol/places.ts'
import { type ApiError, issueOf } from '../../api/api-error.ts'
import { timeZone } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { placeNamed, type Rhythm } from './rhythm.ts'

type RhythmFieldsProps = {
  rhythm: Rhythm
  onRhythm: (rhythm: Rhythm) => void
  sites: readonly SiteView[]
  error: ApiError | null
  /** What never looks by itself must have a schedule. */
  kinds: readonly Rhythm['kind'][]
}

/** Where the copies of a job stand, and when it is due. */
export function RhythmFields({ rhythm, onRhythm, sites, error, kinds }: RhythmFieldsProps) {
  const set = (change: Partial<Rhythm>) => onRhythm({ ...rhythm, ...change })
  return (
    <>
      <TextField
        label={t('jobs.title')}
        help={t('jobs.title.help')}
        issue={issueOf(error, 'title')}
        value={rhythm.title}
        onValue={title => set({ title })}
        maxLength={200}
      />
      <div class="form-row">
        <SelectField
          label={t('jobs.place')}
          help={t('jobs.place.help')}
          issue={issueOf(error, 'place')}
          value={rhythm.place}
          onValue={value => set({ place: placeNamed(value) })}
          choices={COPY_PLACES.map(value => ({ value, label: t(`copies.at.${value}`) }))}
        />
        <SelectField
          label={t('jobs.site')}
          issue={issueOf(error, 'siteId')}
          value={rhythm.siteId}
          onValue={siteId => set({ siteId })}
          choices={[
            { value: '', label: t('jobs.site.none') },
            ...sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <div class="form-row">
        <SelectField
          label={t('jobs.schedule')}
          value={rhythm.kind}
          onValue={value => set({ kind: kinds.find(kind => kind === value) ?? 'period' })}
          choices={kinds.map(value => ({ value, label: t(`jobs.schedule.${value}`) }))}
        />
        {rhythm.kind === 'period' && (
          <TextField
            label={t('jobs.hours')}
            issue={issueOf(error, 'schedule.periodMs')}
            value={rhythm.hours}
            onValue={hours => set({ hours })}
            pattern="[0-9]+([.,][0-9]+)?"
            required
          />
        )}
        {rhythm.kind === 'cron' && (
          <TextField
            label={t('jobs.cron')}
            help={t('jobs.cron.help', { zone: timeZone.value })}
            issue={issueOf(error, 'schedule.expression')}
            value={rhythm.expression}
            onValue={expression => set({ expression })}
            maxLength={100}
            required
          />
        )}
        {rhythm.kind !== 'none' && (
          <TextField
            label={t('jobs.grace')}
            help={t('jobs.grace.help')}
            issue={issueOf(error, 'graceMs')}
            value={rhythm.graceHours}
            onValue={graceHours => set({ graceHours })}
            pattern="[0-9]+([.,][0-9]+)?"
            required
          />
        )}
      </div>
    </>
  )
}
