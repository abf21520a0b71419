import { useState } from 'preact/hooks'
import type { BackupClassView, BackupLimits } from '../../../../protocol/backup-views.ts'
import { COPY_PLACES } from '../../../../protocol/backup-words.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { formatNumber, formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { formatHours } from './rhythm.ts'

/** What each urgency class asks. No regulation sets these numbers: they are Diskominfo's, or still a proposal. */
export function ClassesPanel() {
  const classes = useResource('classes', signal => call('backupClasses', { signal }))
  const [asked, setAsked] = useState<BackupClassView | null>(null)
  return (
    <>
      <p class="soft">{t('classes.text')}</p>
      <ErrorNotice error={classes.error} onRetry={classes.reload} />
      {classes.data === null && classes.loading && <Skeleton rows={3} />}
      {classes.data !== null && <ClassTable rows={classes.data.classes} onEdit={setAsked} />}
      {asked !== null && (
        <Dialog title={t('classes.edit', { urgency: t(`urgency.${asked.urgency}`) })} onClose={() => setAsked(null)}>
          <ClassForm
            one={asked}
            onSaved={() => {
              toast(t('classes.saved', { urgency: t(`urgency.${asked.urgency}`) }))
              setAsked(null)
              classes.reload()
            }}
            onCancel={() => setAsked(null)}
          />
        </Dialog>
      )}
    </>
  )
}

function ClassTable({ rows, onEdit }: { rows: readonly BackupClassView[]; onEdit: (one: BackupClassView) => void }) {
  const words = language.value
  return (
    <Table
      label={t('backups.classes')}
      rows={rows}
      rowKey={({ urgency }) => urgency}
      columns={[
        { label: t('dataset.urgency.label'), kind: 'head', cell: ({ urgency }) => t(`urgency.${urgency}`) },
        {
          label: t('classes.age'),
          cell: ({ limits }) => formatHours(limits.maxAgeHours),
        },
        {
          label: t('classes.kept'),
          cell: ({ limits }) => t('dataset.kept.limit', { n: limits.keepCopies, days: limits.keepDays }),
        },
        {
          label: t('classes.places'),
          cell: ({ limits }) => limits.places.map(place => t(`copies.at.${place}`)).join(', ') || '–',
        },
        { label: t('classes.restore'), cell: ({ limits }) => t('classes.days', { n: limits.restoreTestDays }) },
        {
          label: t('classes.shrunk'),
          cell: ({ limits }) => t('classes.shrunk.below', { ratio: formatPercent(limits.leastSizeRatio, words) }),
        },
        { label: t('classes.source'), cell: one => <Source one={one} /> },
        {
          label: '',
          cell: one =>
            may('rules:write') && (
              <div class="table-actions">
                <Button size="small" onClick={() => onEdit(one)}>
                  {t('common.edit')}
                </Button>
              </div>
            ),
        },
      ]}
    />
  )
}

function Source({ one: { setBy, setAt, reason, earlier } }: { one: BackupClassView }) {
  if (setBy === null || setAt === null) return <span>{t('classes.proposed')}</span>
  return (
    <span>
      {t('classes.set')}
      <span class="source">
        {setBy} · <Time at={setAt} style="date" />
        {reason !== null && ` · ${reason}`}
        {earlier.length > 0 && ` · ${t('classes.earlier', { n: formatNumber(earlier.length, language.value, 0) })}`}
      </span>
    </span>
  )
}

const NUMBERS = ['maxAgeHours', 'keepCopies', 'keepDays', 'restoreTestDays', 'leastSizePercent'] as const
type Typed = Record<(typeof NUMBERS)[number], string>

function ClassForm({ one, onSaved, onCancel }: { one: BackupClassView; onSaved: () => void; onCancel: () => void }) {
  const { limits } = one
  const [typed, setTyped] = useState<Typed>({
    maxAgeHours: String(limits.maxAgeHours),
    keepCopies: String(limits.keepCopies),
    keepDays: String(limits.keepDays),
    restoreTestDays: String(limits.restoreTestDays),
    leastSizePercent: String(Math.round(limits.leastSizeRatio * 100)),
  })
  const [places, setPlaces] = useState<BackupLimits['places']>(limits.places)
  const [reason, setReason] = useState('')
  const save = useAction(async () => {
    const number = (name: keyof Typed) => Number(typed[name].replace(',', '.'))
    await call('setBackupClass', {
      params: { urgency: one.urgency },
      body: {
        limits: {
          ...{ maxAgeHours: number('maxAgeHours'), keepCopies: number('keepCopies'), keepDays: number('keepDays') },
          ...{ places, restoreTestDays: number('restoreTestDays'), leastSizeRatio: number('leastSizePercent') / 100 },
        },
        reason,
      },
    })
    onSaved()
  })
  return (
    <Form save={save} onCancel={onCancel}>
      <div class="form-row">
        {NUMBERS.map(name => (
          <TextField
            key={name}
            label={t(`classes.field.${name}`)}
            issue={issueOf(save.error, `limits.${name === 'leastSizePercent' ? 'leastSizeRatio' : name}`)}
            value={typed[name]}
            onValue={value => setTyped({ ...typed, [name]: value })}
            pattern="[0-9]+([.,][0-9]+)?"
            required
          />
        ))}
      </div>
      <fieldset class="class-places">
        <legend class="field-label">{t('classes.places')}</legend>
        {COPY_PLACES.map(place => (
          <CheckField
            key={place}
            label={t(`copies.at.${place}`)}
            checked={places.includes(place)}
            onChecked={checked =>
              setPlaces(COPY_PLACES.filter(other => (other === place ? checked : places.includes(other))))
            }
          />
        ))}
      </fieldset>
      <TextField
        label={t('classes.reason')}
        help={t('classes.reason.help')}
        issue={issueOf(save.error, 'reason')}
        value={reason}
        onValue={setReason}
        minLength={3}
        maxLength={1000}
        required
      />
    </Form>
  )
}
