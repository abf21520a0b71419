import { useState } from 'preact/hooks'
import type { TopologyView } from '../../../../protocol/links.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { toast } from '../../ui/toast.tsx'
import { arrangeTopology } from './arrange-topology.ts'
import { Proposals, Shared } from './topology-hints.tsx'
import { useRefreshed } from './use-refreshed.ts'

const NODE = { width: 210, height: 46, gapX: 70, gapY: 14 }
const LONGEST_NAME = 24
/** It grows with the letters of the page, on a wall too. */
const PIXELS_PER_REM = 16

type Subject = TopologyView['subjects'][number]

/** Who is reached through whom, drawn from left to right, with the roots of what fails now. */
export function TopologyPanel() {
  const topology = useRefreshed('topology', signal => call('topology', { signal }))
  const [asked, setAsked] = useState<Subject | null>(null)
  const { data } = topology
  return (
    <Panel title={t('network.topology')}>
      <p class="soft">{t('topology.text')}</p>
      <ErrorNotice error={topology.error} onRetry={topology.reload} />
      {data === null && topology.loading && <Skeleton rows={5} />}
      {data !== null && data.subjects.length === 0 && <EmptyState title={t('topology.empty')} />}
      {data !== null && data.edges.length > 0 && <Drawing view={data} />}
      {data !== null && <Shared view={data} />}
      {data !== null && <Proposals view={data} onAccepted={topology.reload} />}
      {data !== null && <Alone view={data} onChoose={setAsked} />}
      {asked !== null && data !== null && (
        <ParentsDialog
          subject={asked}
          view={data}
          onClose={() => setAsked(null)}
          onSaved={() => {
            toast(t('topology.parents.saved'))
            setAsked(null)
            topology.reload()
          }}
        />
      )}
    </Panel>
  )
}

function Drawing({ view }: { view: TopologyView }) {
  const arranged = arrangeTopology(view)
  const x = (column: number) => column * (NODE.width + NODE.gapX) + 2
  const y = (row: number) => row * (NODE.height + NODE.gapY) + 2
  const places = new Map(arranged.nodes.map(node => [node.id, node]))
  const width = x(arranged.columns) - NODE.gapX + 2
  const height = y(arranged.rows) + 2
  return (
    <div class="topology-frame">
      <svg
        class="topology"
        style={{ width: `${width / PIXELS_PER_REM}rem`, height: `${height / PIXELS_PER_REM}rem` }}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('topology.label', { n: arranged.nodes.length })}
      >
        {view.edges.map(({ childId, parentId, source }) => {
          const [child, parent] = [places.get(childId), places.get(parentId)]
          if (child === undefined || parent === undefined) return null
          const from = { x: x(parent.column) + NODE.width, y: y(parent.row) + NODE.height / 2 }
          const to = { x: x(child.column), y: y(child.row) + NODE.height / 2 }
          const middle = (from.x + to.x) / 2
          return (
            <path
              key={`${childId}/${parentId}`}
              class={source === 'neighbour' ? 'topology-line topology-heard' : 'topology-line'}
              d={`M${from.x},${from.y}C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`}
            />
          )
        })}
        {view.subjects.map(subject => {
          const place = places.get(subject.id)
          const root = view.roots.find(({ id }) => id === subject.id)
          return place === undefined ? null : (
            <Node
              key={subject.id}
              subject={subject}
              cutOff={root?.cutOff.length ?? 0}
              at={{ x: x(place.column), y: y(place.row) }}
            />
          )
        })}
      </svg>
    </div>
  )
}

type NodeProps = { subject: Subject; cutOff: number; at: { x: number; y: number } }

function Node({ subject, cutOff, at }: NodeProps) {
  const { state } = subject.standing
  const words = [t(`state.${state}`), ...(cutOff > 0 ? [t('topology.root', { n: cutOff })] : [])].join(' · ')
  const name = subject.name.length > LONGEST_NAME ? `${subject.name.slice(0, LONGEST_NAME - 1)}…` : subject.name
  return (
    <g
      class={`topology-node tone-${state}${cutOff > 0 ? ' topology-root' : ''}`}
      transform={`translate(${at.x} ${at.y})`}
    >
      <title>{`${subject.name}: ${words}`}</title>
      <rect width={NODE.width} height={NODE.height} rx="5" />
      <rect class="topology-edge" width="5" height={NODE.height} rx="2" />
      <text class="topology-name" x="16" y="19">
        {name}
      </text>
      <text class="topology-words" x="16" y="36">
        {words}
      </text>
    </g>
  )
}

/** Where people say through what a device or link is reached: every one is a button here. */
function Alone({ view, onChoose }: { view: TopologyView; onChoose: (subject: Subject) => void }) {
  if (!may('inventory:write') || view.subjects.length === 0) return null
  return (
    <details class="disclosure" open={view.edges.length === 0}>
      <summary>{t('topology.choose')}</summary>
      <div class="topology-list">
        {view.subjects.map(subject => (
          <Button key={subject.id} size="small" onClick={() => onChoose(subject)}>
            <StateLabel state={subject.standing.state} /> {subject.name}
          </Button>
        ))}
      </div>
    </details>
  )
}

function ParentsDialog({
  subject,
  view,
  onSaved,
  onClose,
}: {
  subject: Subject
  view: TopologyView
  onSaved: () => void
  onClose: () => void
}) {
  const present = view.edges.filter(({ childId }) => childId === subject.id).map(({ parentId }) => parentId)
  const [chosen, setChosen] = useState<readonly string[]>(present)
  const save = useAction(async () => {
    await call('setParents', { params: { id: subject.id }, body: { parentIds: [...chosen] } })
    onSaved()
  })
  return (
    <Dialog title={t('topology.parents.edit', { name: subject.name })} onClose={onClose}>
      <Form save={save} onCancel={onClose}>
        <fieldset class="topology-choices">
          <legend class="field-label">{t('topology.parents')}</legend>
          {view.subjects
            .filter(({ id }) => id !== subject.id)
            .map(one => (
              <CheckField
                key={one.id}
                label={one.name}
                checked={chosen.includes(one.id)}
                onChecked={checked =>
                  setChosen(checked ? [...chosen, one.id] : chosen.filter(candidate => candidate !== one.id))
                }
              />
            ))}
        </fieldset>
      </Form>
    </Dialog>
  )
}
