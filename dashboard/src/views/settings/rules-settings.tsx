import type { RuleView } from '../../../../protocol/rule-views.ts'
import { VERDICTS } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { measureName, parameterName } from '../../format/names.ts'
import { formatParameter } from '../../format/parameter.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { SeverityLabel, VerdictLabel } from '../../ui/state-mark.tsx'

/** The rules in force, to read: what each measures, against which numbers, and how its subjects stand. */
export function RulesSettings() {
  const rules = useResource('rules', signal => call('rules', { signal }))
  const rows = rules.data?.rules ?? []
  return (
    <>
      <p class="soft">{t('rules.text')}</p>
      <ErrorNotice error={rules.error} onRetry={rules.reload} />
      {rules.data === null && rules.loading && <Skeleton />}
      {rules.data !== null && rows.length === 0 && <EmptyState title={t('rules.empty')} />}
      <ul class="cards">
        {rows.map(rule => (
          <li key={rule.id}>
            <Rule rule={rule} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Rule({ rule }: { rule: RuleView }) {
  const counted = VERDICTS.filter(verdict => (rule.counts[verdict] ?? 0) > 0)
  return (
    <article class="card">
      <div class="card-head">
        <h3>{pick(rule.title)}</h3>
        <SeverityLabel severity={rule.severity} />
      </div>
      <p class="faint">
        <code>{rule.id}</code> · {t('rules.measure')}{' '}
        <span title={rule.measure}>{measureName(rule.measure, language.value)}</span> · {t('rules.pack')}{' '}
        <code>{rule.packId}</code>
      </p>
      <ul class="rule-parameters">
        {Object.entries(rule.parameters).map(([name, parameter]) => (
          <li key={name}>
            <span title={name}>{parameterName(name, language.value)}</span>{' '}
            <strong>{formatParameter(name, parameter.value, rule.unit, language.value)}</strong>{' '}
            <span class="faint">{t(`source.${parameter.source}`)}</span>
          </li>
        ))}
      </ul>
      <p class="rule-counts">
        {counted.length === 0 && <span class="faint">{t('rules.no-subjects')}</span>}
        {counted.map(verdict => (
          <span key={verdict}>
            <VerdictLabel verdict={verdict} /> <strong>{rule.counts[verdict]}</strong>
          </span>
        ))}
      </p>
    </article>
  )
}
