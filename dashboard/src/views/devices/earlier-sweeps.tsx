import type { SweepView } from '../../../../protocol/device-calls.ts'
import type { TaskView } from '../../../../protocol/tasks.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { timeZone } from '../../app/session.ts'
import { formatTime } from '../../format/time.ts'
import { language, t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import type { Chosen } from './chosen.ts'

type Shown = { task: TaskView; options: Omit<Chosen, 'place'> }
type Props = { shownTaskId: string | null; onChosen: (shown: Shown) => void }

/** Sweeps that were begun before, by anybody: what they found waits to be added, and one that was interrupted can go on. */
export function EarlierSweeps({ shownTaskId, onChosen }: Props) {
  const sweeps = useResource(`sweeps ${shownTaskId ?? ''}`, signal => call('sweeps', { signal }))
  const rows = (sweeps.data?.sweeps ?? []).filter(({ taskId }) => taskId !== shownTaskId)
  const show = useAction(async (row: SweepView) => {
    const task = await call('agentTask', { params: { id: row.taskId } })
    if (row.request.kind !== 'discover') return
    const { credentialIds, port } = row.request
    onChosen({ task, options: { credentialIds, port, agentId: row.agentId } })
  })
  if (rows.length === 0) return <ErrorNotice error={sweeps.error} onRetry={sweeps.reload} />
  return (
    <Panel title={t('sweep.earlier')}>
      <ErrorNotice error={show.error} />
      <Table
        label={t('sweep.earlier')}
        rows={rows}
        rowKey={row => row.taskId}
        columns={[
          {
            label: t('sweep.ranges'),
            kind: 'head',
            cell: ({ request }) => (request.kind === 'discover' ? shorten(request.ranges) : ''),
          },
          {
            label: t('sweep.when'),
            cell: row => formatTime(row.askedAt, timeZone.value, language.value, 'day-minute'),
          },
          { label: t('sweep.how'), cell: row => t(`sweep.state.${row.state}`, { asked: row.asked, total: row.total }) },
          { label: t('sweep.answered'), kind: 'number', cell: row => row.found },
          {
            label: '',
            cell: row => (
              <Button busy={show.busy} onClick={() => void show.run(row)}>
                {t('sweep.show')}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  )
}

const MOST_NAMED = 3
const shorten = (ranges: readonly string[]): string =>
  ranges.length <= MOST_NAMED ? ranges.join(', ') : `${ranges.slice(0, MOST_NAMED).join(', ')} … (${ranges.length})`
