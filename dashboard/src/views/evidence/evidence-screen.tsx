import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { subjectPath } from '../../app/subject-path.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { wall } from '../../live/live-state.ts'
import { Time } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { VerdictLabel } from '../../ui/state-mark.tsx'
import '../../ui/facts.css'

/** What one verdict rests on, as it was kept, with its place in the chain. */
export function EvidenceScreen({ id }: { id: string }) {
  const evidence = useResource(id, signal => call('evidence', { params: { id }, signal }))
  useTitle(t('evidence.title'))
  const { data } = evidence
  return (
    <div class="page">
      <h1>{t('evidence.title')}</h1>
      <ErrorNotice error={evidence.error} onRetry={evidence.reload} />
      {data === null && evidence.loading && <Skeleton rows={4} />}
      {data !== null && (
        <>
          <dl class="fact-list">
            <div>
              <dt>{t('verdicts.verdict')}</dt>
              <dd>
                <VerdictLabel verdict={data.verdict} />
                {data.previous !== null && (
                  <span class="faint"> {t('evidence.previous', { verdict: t(`verdict.${data.previous}`) })}</span>
                )}
              </dd>
            </div>
            <div>
              <dt>{t('evidence.at')}</dt>
              <dd>
                <Time at={data.at} />
              </dd>
            </div>
            <div>
              <dt>{t('evidence.rule')}</dt>
              <dd>
                {isDuty(data.ruleId) ? (
                  <Link to={pathOf({ screen: 'duty', id: data.ruleId })}>{data.ruleId}</Link>
                ) : (
                  <code>{data.ruleId}</code>
                )}{' '}
                <span class="faint">{data.ruleVersion}</span>
              </dd>
            </div>
            <div>
              <dt>{t('evidence.subject')}</dt>
              <dd>
                <Subject id={data.subjectId} ruleId={data.ruleId} />
                {data.part !== '' && <code> {data.part}</code>}
              </dd>
            </div>
            <div>
              <dt>{t('evidence.value')}</dt>
              <dd>{data.value === null ? t('value.none') : formatNumber(data.value, language.value, 6)}</dd>
            </div>
            <div>
              <dt>{t('evidence.seq')}</dt>
              <dd>{data.seq}</dd>
            </div>
            <div>
              <dt>{t('evidence.hash')}</dt>
              <dd class="mono">{data.hash}</dd>
            </div>
          </dl>
          <Why basis={data.basis} />
          <Panel title={t('evidence.basis')}>
            <pre class="json">{JSON.stringify(data.basis, null, 2)}</pre>
          </Panel>
        </>
      )}
    </div>
  )
}

/** Duties are known by their regulation: "depok-2021-40-18-3-...". */
function isDuty(ruleId: string): boolean {
  return /^[a-z]+-(19|20)\d{2}-\d+-/.test(ruleId)
}

/** A duty may be about an agency or the government itself; its page has all their names. */
function Subject({ id, ruleId }: { id: string; ruleId: string }) {
  const kind = ruleId.startsWith('backup-') ? 'dataset' : ruleId.startsWith('link-') ? 'link' : undefined
  const found = useResource(`${ruleId}/${id}`, async signal => {
    if (isDuty(ruleId)) {
      const { subjects } = await call('duty', { params: { rule: ruleId }, signal })
      return subjects.find(({ subject }) => subject.id === id)?.subject.name ?? null
    }
    if (kind !== 'link') return null
    return (await call('links', { signal })).links.find(link => link.id === id)?.name ?? null
  })
  const device = wall.value?.servers.find(server => server.id === id)?.name
  const name = device ?? found.data
  if (device !== undefined || !isDuty(ruleId)) {
    const path = subjectPath({ id, kind })
    return path === null ? <code>{id}</code> : <Link to={path}>{name ?? t('evidence.subject.open')}</Link>
  }
  return name === null ? <code>{id}</code> : <span>{name}</span>
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The sentence that was true then, in the language of the screen; the rest stands below as it was kept. */
function Why({ basis }: { basis: Record<string, unknown> }) {
  const { why } = basis
  if (typeof why !== 'object' || why === null) return null
  const said = text(Object.entries(why).find(([name]) => name === language.value)?.[1])
  return said === null ? null : <p class="notice">{said}</p>
}
