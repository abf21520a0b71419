import { useState } from 'preact/hooks'
import type { CalendarView } from '../../../../protocol/links.ts'
import { WEEKDAYS } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { may } from '../../app/session.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { CalendarForm } from './calendar-form.tsx'
import { openingsText } from './calendar-text.ts'

/** When a link is owed, by the clock of the city. */
export function CalendarsList() {
  const list = useResource('calendars', signal => call('calendars', { signal }))
  const links = useResource('links', signal => call('links', { signal }))
  const [asked, setAsked] = useState<{ calendar: CalendarView | null } | null>(null)
  const [going, setGoing] = useState<CalendarView | null>(null)
  const remove = useAction(async ({ id, name }: CalendarView) => {
    await call('removeCalendar', { params: { id } })
    toast(t('links.removed', { name }))
    setGoing(null)
    list.reload()
  })
  const rows = list.data?.calendars ?? []
  const mayChange = may('inventory:write')
  const usedBy = (id: string) => links.data?.links.filter(({ calendarId }) => calendarId === id).length ?? 0
  return (
    <Panel
      title={t('network.calendars')}
      aside={
        mayChange && (
          <Button kind="primary" size="small" onClick={() => setAsked({ calendar: null })}>
            {t('calendars.add')}
          </Button>
        )
      }
    >
      <p class="soft">{t('calendars.text')}</p>
      <ErrorNotice error={list.error} onRetry={list.reload} />
      {list.data === null && list.loading && <Skeleton rows={3} />}
      {list.data !== null && rows.length === 0 && <EmptyState title={t('calendars.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('network.calendars')}
          rows={rows}
          rowKey={one => one.id}
          columns={[
            { label: t('links.name'), kind: 'head', cell: one => one.name },
            { label: t('calendars.hours'), cell: one => <Hours definition={one.definition} /> },
            {
              label: t('calendars.holidays'),
              kind: 'number',
              cell: ({ definition }) =>
                definition.kind === 'always' ? '–' : formatNumber(definition.holidays.length, language.value, 0),
            },
            {
              label: t('network.links'),
              kind: 'number',
              cell: one => formatNumber(usedBy(one.id), language.value, 0),
            },
            {
              label: '',
              cell: calendar =>
                mayChange && (
                  <div class="table-actions">
                    <Button size="small" onClick={() => setAsked({ calendar })}>
                      {t('common.edit')}
                    </Button>
                    <Button size="small" disabled={usedBy(calendar.id) > 0} onClick={() => setGoing(calendar)}>
                      {t('common.remove')}
                    </Button>
                  </div>
                ),
            },
          ]}
        />
      )}
      {going !== null && (
        <ConfirmDialog
          title={t('links.remove.title', { name: going.name })}
          text={t('calendars.remove.text')}
          action={t('common.remove')}
          busy={remove.busy}
          error={remove.error}
          onConfirm={() => void remove.run(going)}
          onClose={() => {
            setGoing(null)
            remove.clear()
          }}
        />
      )}
      {asked !== null && (
        <Dialog
          title={asked.calendar === null ? t('calendars.add') : t('links.edit', { name: asked.calendar.name })}
          onClose={() => setAsked(null)}
        >
          <CalendarForm
            calendar={asked.calendar}
            onSaved={name => {
              toast(t('links.saved', { name }))
              setAsked(null)
              list.reload()
            }}
            onCancel={() => setAsked(null)}
          />
        </Dialog>
      )}
    </Panel>
  )
}

/** Days of the same hours in one line. */
function Hours({ definition }: { definition: CalendarView['definition'] }) {
  if (definition.kind === 'always') return <span>{t('calendars.kind.always')}</span>
  const days = WEEKDAYS.filter(day => (definition.hours[day]?.length ?? 0) > 0)
  const lines = Map.groupBy(days, day => openingsText(definition.hours[day]))
  return (
    <span>
      {[...lines].map(([hours, alike]) => (
        <span class="calendar-line" key={hours}>
          {alike.map(day => t(`weekday.${day}`)).join(', ')} {hours}
        </span>
      ))}
    </span>
  )
}
