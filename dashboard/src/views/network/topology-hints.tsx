import type { TopologyView } from '../../../../protocol/links.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { may } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { useOwners } from './use-owners.ts'

const nameIn = (view: TopologyView, id: string): string => view.subjects.find(one => one.id === id)?.name ?? id

/** What neighbours tell of who is reached through whom; it holds once a person accepts it. */
export function Proposals({ view, onAccepted }: { view: TopologyView; onAccepted: () => void }) {
  const accept = useAction(async (edges: TopologyView['proposed']) => {
    await call('acceptNeighbours', { body: { edges } })
    toast(t('topology.parents.saved'))
    onAccepted()
  })
  const { proposed } = view
  if (proposed.length === 0 || !may('inventory:write')) return null
  return (
    <div class="notice topology-proposals">
      <p>
        <strong>{t('topology.proposed', { n: proposed.length })}</strong>
        <br />
        {t('topology.proposed.text')}
      </p>
      <ul>
        {proposed.map(edge => (
          <li key={`${edge.childId}/${edge.parentId}`}>
            <span>
              {t('topology.through', { child: nameIn(view, edge.childId), parent: nameIn(view, edge.parentId) })}
            </span>
            <Button size="small" disabled={accept.busy} onClick={() => void accept.run([edge])}>
              {t('topology.accept')}
            </Button>
          </li>
        ))}
      </ul>
      {proposed.length > 1 && (
        <div>
          <Button size="small" kind="primary" busy={accept.busy} onClick={() => void accept.run([...proposed])}>
            {t('topology.accept.all', { n: proposed.length })}
          </Button>
        </div>
      )}
      <ErrorNotice error={accept.error} />
    </div>
  )
}

/** What all that fail now have in common. */
export function Shared({ view }: { view: TopologyView }) {
  const owners = useOwners()
  const shared = new Map(view.roots.flatMap(root => root.shared).map(one => [`${one.what}/${one.id}`, one]))
  if (shared.size === 0) return null
  const nameOf = (what: string, id: string) =>
    (what === 'site' ? owners.data?.sites : owners.data?.providers)?.find(one => one.id === id)?.name ?? id
  return (
    <div class="notice">
      <ul class="topology-shared">
        {[...shared.values()].map(({ what, id, subjectIds }) => (
          <li key={`${what}/${id}`}>
            <strong>{t(`topology.shared.${what}`, { name: nameOf(what, id), n: subjectIds.length })}</strong>{' '}
            {subjectIds.map(one => nameIn(view, one)).join(', ')}
          </li>
        ))}
      </ul>
    </div>
  )
}
