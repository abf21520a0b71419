import { readEvidence } from '../../rules/evidence.ts'
import { ruleViews } from '../../rules/rule-views.ts'
import { type Route, readRoute } from '../route.ts'

export const ruleRoutes: readonly Route[] = [
  readRoute('rules', ({ rules, standings }) => ({ rules: ruleViews(rules, standings) })),
  readRoute('evidence', ({ records }, { params }) => readEvidence(records, params.id ?? '')),
]
