// Calls of duties, regulations and the calendar.
import { z } from 'zod'
import type { Call } from './call.ts'
import {
  calendarEntry,
  conditionView,
  dutyDetailView,
  dutyView,
  exemptionView,
  regulationView,
  rollupRow,
  simulationView,
} from './duty-views.ts'
import { jsonQuery, parameterValue, recordId } from './shapes.ts'

const civilDate = z.iso.date()
const agency = recordId.optional()
/** Values by parameter in a query: a JSON object. */
const parametersQuery = jsonQuery.pipe(z.record(z.string().max(100), parameterValue))

export const DUTY_CALLS = {
  regulations: {
    summary: 'Regulations that Pantau knows, and which of them bind the city',
    access: 'read',
    response: z.strictObject({ regulations: z.array(regulationView) }),
  },
  enableRegulation: {
    summary: 'A regulation binds the city from a day on',
    access: 'rules:write',
    body: z.strictObject({ validFrom: civilDate, validUntil: civilDate.nullable().default(null) }),
    response: z.strictObject({ regulations: z.array(regulationView) }),
  },
  disableRegulation: {
    summary: 'A regulation binds the city no more; what was judged stays',
    access: 'rules:write',
    body: z.strictObject({}),
    response: z.strictObject({ regulations: z.array(regulationView) }),
  },
  duties: {
    summary: 'Duties in force, in the order of the regulation, with how many subjects stand where',
    access: 'read',
    query: z.strictObject({
      regulation: z.string().max(100).optional(),
      pasal: z.coerce.number().int().optional(),
      theme: z.string().max(50).optional(),
      /** Counts only what is of this agency. */
      agency,
    }),
    response: z.strictObject({ duties: z.array(dutyView) }),
  },
  duty: {
    summary: 'One duty with parameters, subjects, verdicts and history',
    access: 'read',
    response: dutyDetailView,
  },
  dutyRollup: {
    summary: 'Verdicts counted by agency, theme, pasal or regulation; a breach is never averaged away',
    access: 'read',
    query: z.strictObject({ by: z.enum(['agency', 'theme', 'pasal', 'regulation']), agency }),
    response: z.strictObject({ rows: z.array(rollupRow) }),
  },
  dutyConditions: {
    summary: 'Conditions on which duties in force hang, and what the city decided of them; open ones first',
    access: 'read',
    response: z.strictObject({ conditions: z.array(conditionView) }),
  },
  dutyCalendar: {
    summary: 'What is due when, in the time zone of the city; overdue first',
    access: 'read',
    query: z.strictObject({ until: civilDate.optional(), agency }),
    response: z.strictObject({ today: civilDate, timeZone: z.string(), entries: z.array(calendarEntry) }),
  },
  simulateDuty: {
    summary: 'How a duty would stand under other parameters; nothing is kept',
    access: 'read',
    query: z.strictObject({ parameters: parametersQuery }),
    response: simulationView,
  },
  exemptions: {
    summary: 'Exemptions with the duties they touch; those about to end first',
    access: 'read',
    response: z.strictObject({ exemptions: z.array(exemptionView) }),
  },
  setDuty: {
    summary:
      'Set a parameter, `targetDate`, `enabled`, `severity` or `clockStarts` of a duty from a day on, with its decree',
    access: 'rules:write',
    body: z.strictObject({
      name: z.string().min(1).max(100),
      value: parameterValue,
      validFrom: civilDate,
      validUntil: civilDate.nullable().default(null),
      author: z.string().trim().min(1).max(200),
      decree: z.string().trim().min(1).max(200),
    }),
    response: dutyDetailView,
  },
  endDutySetting: {
    summary: 'Take a setting of the city back; what it decided before stays decided',
    access: 'rules:write',
    body: z.strictObject({}),
    response: z.strictObject({}),
  },
} as const satisfies Record<string, Call>
