import { useState } from 'preact/hooks'
import type { ReminderView, SupervisionView } from '../../../../protocol/backup-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { backupsChange } from '../../live/live-state.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { VerdictLabel } from '../../ui/state-mark.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { AnswerForm, RemindForm } from './supervision-forms.tsx'

type Supervised = SupervisionView['agencies'][number]
type Asked = { what: 'remind'; one: Supervised } | { what: 'answer'; one: Supervised; reminder: ReminderView }
const FILTERS = ['missing', 'unanswered', 'all'] as const
type Filter = (typeof FILTERS)[number]
const GAPS_SHOWN = 4

/** Who must be reminded of what, when they were, and what they answered. */
export function SupervisionPanel() {
  const supervision = useRefreshed('supervision', signal => call('backupSupervision', { signal }), backupsChange)
  const [filter, setFilter] = useState<Filter>('missing')
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const done = (text: string) => {
    toast(text)
    close()
    supervision.reload()
  }
  const all = supervision.data?.agencies ?? []
  const shown = all.filter(one => isShown(one, filter))
  return (
    <>
      <p class="soft">{t('supervision.text')}</p>
      <Switch
        label={t('supervision.filter')}
        choices={FILTERS}
        chosen={filter}
        onChoose={setFilter}
        show={one => `${t(`supervision.filter.${one}`)} (${all.filter(agency => isShown(agency, one)).length})`}
      />
      <ErrorNotice error={supervision.error} onRetry={supervision.reload} />
      {supervision.data === null && supervision.loading && <Skeleton rows={6} />}
      {supervision.data !== null && shown.length === 0 && (
        <EmptyState title={t(all.length === 0 ? 'coverage.empty' : 'supervision.empty')}>
          {all.length === 0 && <p>{t('coverage.empty.text')}</p>}
        </EmptyState>
      )}
      {shown.length > 0 && <Supervised rows={shown} onAsk={setAsked} />}
      {asked?.what === 'remind' && (
        <Dialog title={t('supervision.remind.title', { name: asked.one.agency.shortName })} onClose={close}>
          <RemindForm
            one={asked.one}
            onSaved={() => done(t('supervision.reminded', { name: asked.one.agency.shortName }))}
            onCancel={close}
          />
        </Dialog>
      )}
      {asked?.what === 'answer' && (
        <Dialog title={t('supervision.answer.title', { name: asked.one.agency.shortName })} onClose={close}>
          <AnswerForm reminder={asked.reminder} onSaved={() => done(t('supervision.answered'))} onCancel={close} />
        </Dialog>
      )}
    </>
  )
}

function isShown({ gaps, reminders }: Supervised, filter: Filter): boolean {
  if (filter === 'all') return true
  if (filter === 'unanswered') return reminders[0] !== undefined && reminders[0].answer === null
  return gaps.length > 0
}

function Supervised({ rows, onAsk }: { rows: readonly Supervised[]; onAsk: (asked: Asked) => void }) {
  return (
    <Table
      label={t('backups.supervision')}
      rows={rows}
      rowKey={({ agency }) => agency.id}
      columns={[
        {
          label: t('links.agency'),
          kind: 'head',
          cell: ({ agency, contact }) => (
            <span>
              {agency.shortName}
              <span class="source">{contact ?? t('supervision.no-contact')}</span>
            </span>
          ),
        },
        { label: t('jobs.standing'), cell: ({ verdict }) => <VerdictLabel verdict={verdict} /> },
        { label: t('supervision.missing'), cell: one => <Gaps one={one} /> },
        { label: t('supervision.last'), cell: ({ reminders }) => <Reminded reminder={reminders[0]} /> },
        { label: '', cell: one => <Actions one={one} onAsk={onAsk} /> },
      ]}
    />
  )
}

function Gaps({ one: { gaps } }: { one: Supervised }) {
  if (gaps.length === 0) return <span class="faint">{t('supervision.nothing')}</span>
  return (
    <ul class="supervision-gaps">
      {gaps.slice(0, GAPS_SHOWN).map(({ gap, about, place, words }) => (
        <li key={`${gap}${about?.id}${place}`}>
          {about !== null && !gap.startsWith('service-') ? (
            <Link to={pathOf({ screen: 'dataset', id: about.id })}>{pick(words)}</Link>
          ) : (
            pick(words)
          )}
        </li>
      ))}
      {gaps.length > GAPS_SHOWN && <li class="faint">{t('supervision.more', { n: gaps.length - GAPS_SHOWN })}</li>}
    </ul>
  )
}

function Reminded({ reminder }: { reminder: ReminderView | undefined }) {
  if (reminder === undefined) return <span class="faint">{t('common.never')}</span>
  const { answer } = reminder
  return (
    <span>
      <Time at={reminder.at} style="day-minute" />
      <span class="source">{t('supervision.by', { name: reminder.by })}</span>
      <Mailed mail={reminder.mail} />
      {answer === null ? (
        <strong class="tone-degraded">{t('supervision.no-answer')}</strong>
      ) : (
        <span class="wrap">
          “{answer.text}”
          {answer.promisedOn !== null && (
            <span class="source">
              {t('supervision.promised', { day: formatDay(answer.promisedOn, language.value) })}
            </span>
          )}
        </span>
      )}
    </span>
  )
}

/** Whether the contact of the agency got it, and why not. */
function Mailed({ mail }: { mail: ReminderView['mail'] }) {
  if (mail === null) return null
  const isLost = mail.state === 'refused' || mail.state === 'unknown' || mail.state === 'no-channel'
  return (
    <span class={isLost ? 'source tone-degraded wrap' : 'source wrap'} title={mail.reason ?? undefined}>
      {t(`supervision.mail.${mail.state}`, { address: mail.address })}
      {mail.state === 'refused' && mail.reason !== null && `: ${mail.reason}`}
    </span>
  )
}

function Actions({ one, onAsk }: { one: Supervised; onAsk: (asked: Asked) => void }) {
  if (!may('incidents:write')) return null
  const open = one.reminders.find(({ answer }) => answer === null)
  return (
    <div class="table-actions">
      {one.gaps.length > 0 && (
        <Button size="small" onClick={() => onAsk({ what: 'remind', one })}>
          {t('supervision.remind')}
        </Button>
      )}
      {open !== undefined && (
        <Button size="small" onClick={() => onAsk({ what: 'answer', one, reminder: open })}>
          {t('supervision.answer')}
        </Button>
      )}
    </div>
  )
}
