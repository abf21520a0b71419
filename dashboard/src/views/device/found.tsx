import type { DeviceView } from '../../../../protocol/device-calls.ts'
import { id, type MessageKey } from '../../i18n/id.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'

export function Neighbours({ view }: { view: DeviceView }) {
  if (view.notOffered.includes('neighbours')) return null
  return (
    <Panel title={t('neighbours.title')}>
      {view.neighbours.length === 0 ? (
        <EmptyState title={t('neighbours.empty')} />
      ) : (
        <Table
          label={t('neighbours.title')}
          rows={view.neighbours}
          rowKey={row => `${row.protocol} ${row.device} ${row.name} ${row.port}`}
          columns={[
            {
              label: t('neighbours.name'),
              kind: 'head',
              cell: row => (
                <span>
                  {row.name}
                  {row.address !== null && <code class="source">{row.address}</code>}
                </span>
              ),
            },
            { label: t('neighbours.here'), cell: row => row.device ?? '–' },
            { label: t('neighbours.there'), cell: row => row.port ?? '–' },
            {
              label: t('neighbours.platform'),
              cell: row => [row.platform, row.protocol.toUpperCase()].filter(Boolean).join(' · '),
            },
          ]}
        />
      )}
    </Panel>
  )
}

const isKey = (key: string): key is MessageKey => Object.hasOwn(id, key)

/** "interface.alias" and "identity.osVersion" in words; what nobody translated is shown as it is. */
function changeText(what: string): string {
  const key = what.startsWith('identity.') ? what : `change.${what}`
  return isKey(key) ? t(key) : what
}

/** Something came or went: what it is stands in the first column already. */
const isList = (what: string): boolean => /^(sensor|neighbour|not-offered)\./.test(what)

function partText({ what, part }: { what: string; part: string }): string {
  const key = `figure.${part}`
  return what.startsWith('not-offered.') && isKey(key) ? t(key) : part
}

export function Changes({ view }: { view: DeviceView }) {
  return (
    <Panel title={t('changes.title')}>
      {view.changes.length === 0 ? (
        <EmptyState title={t('changes.empty')} />
      ) : (
        <Table
          label={t('changes.title')}
          rows={view.changes}
          rowKey={row => `${row.at} ${row.what} ${row.part}`}
          columns={[
            {
              label: t('changes.what'),
              kind: 'head',
              cell: row => (
                <span>
                  {changeText(row.what)}
                  {row.part !== '' && <span class="source">{partText(row)}</span>}
                </span>
              ),
            },
            { label: t('changes.before'), cell: row => (isList(row.what) ? '–' : row.before || '–') },
            { label: t('changes.after'), cell: row => (isList(row.what) ? '–' : row.after || '–') },
            { label: t('changes.when'), cell: row => <Time at={row.at} style="day-minute" /> },
          ]}
        />
      )}
    </Panel>
  )
}

export function Events({ view }: { view: DeviceView }) {
  if (view.events.length === 0) return null
  return (
    <Panel title={t('events.title')}>
      <Table
        label={t('events.title')}
        rows={view.events}
        rowKey={row => `${row.at} ${row.kind} ${row.part}`}
        columns={[
          { label: t('changes.what'), kind: 'head', cell: row => t(`event.${row.kind}`) },
          { label: t('ports.name'), cell: row => row.part || '–' },
          { label: t('changes.when'), cell: row => <Time at={row.at} /> },
        ]}
      />
    </Panel>
  )
}
