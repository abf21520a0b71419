import { requireState } from '../../rules/duties/duty-views.ts'
import { readDrcBoard } from '../../views/drc-board.ts'
import { type Route, readRoute } from '../route.ts'

export const drcRoutes: readonly Route[] = [
  readRoute('drcBoard', (services, { at }) => readDrcBoard(services, requireState(services.dutyEngine), at)),
]
