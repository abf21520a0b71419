import { useState } from 'preact/hooks'
import type { AuditEntryView } from '../../../../protocol/settings-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'

const PAGE = 100
const HASH_SHOWN = 12

/** Who changed what and when, newest first, each entry hashed with the one before. */
export function AuditSettings() {
  const first = useResource('audit', signal => call('audit', { query: { limit: PAGE }, signal }))
  const [older, setOlder] = useState<{ rows: AuditEntryView[]; ended: boolean }>({ rows: [], ended: false })
  const rows = [...(first.data?.entries ?? []), ...older.rows]
  const ended = older.ended || (first.data !== null && first.data.entries.length < PAGE)
  const more = useAction(async () => {
    const before = rows.at(-1)?.seq
    if (before === undefined) return
    const { entries } = await call('audit', { query: { limit: PAGE, before } })
    setOlder({ rows: [...older.rows, ...entries], ended: entries.length < PAGE })
  })
  return (
    <>
      <p class="soft">{t('audit.text')}</p>
      <ErrorNotice error={first.error} onRetry={first.reload} />
      {first.data === null && first.loading && <Skeleton rows={6} />}
      {first.data !== null && rows.length === 0 && <EmptyState title={t('audit.empty')} />}
      {rows.length > 0 && (
        <Table
          label={t('settings.audit')}
          rows={rows}
          rowKey={entry => entry.seq}
          columns={[
            { label: t('audit.seq'), kind: 'number', cell: entry => entry.seq },
            { label: t('audit.at'), cell: entry => <Time at={entry.at} /> },
            { label: t('audit.actor'), kind: 'head', cell: entry => entry.actor },
            { label: t('audit.action'), cell: entry => <code>{entry.action}</code> },
            { label: t('audit.detail'), cell: entry => <Detail entry={entry} /> },
            {
              label: t('audit.hash'),
              cell: entry => (
                <code class="faint" title={entry.hash}>
                  {entry.hash.slice(0, HASH_SHOWN)}
                </code>
              ),
            },
          ]}
        />
      )}
      <ErrorNotice error={more.error} />
      {rows.length > 0 && !ended && (
        <div>
          <Button busy={more.busy} onClick={() => void more.run()}>
            {t('common.older')}
          </Button>
        </div>
      )}
    </>
  )
}

function Detail({ entry }: { entry: AuditEntryView }) {
  const empty = Object.keys(entry.detail).length === 0
  if (empty && entry.subject === null) return <span class="faint">–</span>
  return (
    <details class="disclosure">
      <summary>{t('audit.detail.open')}</summary>
      <pre class="json">{JSON.stringify({ subject: entry.subject, ...entry.detail }, null, 2)}</pre>
    </details>
  )
}
