// Tables of the duties: which packs bind, what the city set over them, and what each day ended with.

export type DutyTables = {
  /** A regulation that binds the city from a day on. */
  enabled_pack: {
    id: string
    pack_id: string
    valid_from: string
    /** Its last day; null while it binds. */
    valid_until: string | null
    entered_at: number
    entered_by: string
    ended_at: number | null
    ended_by: string | null
  }
  /** A parameter, a target date, or on and off of one duty: dated rows over the pack. */
  rule_setting: {
    id: string
    rule_id: string
    name: string
    /** JSON. */
    value: string
    valid_from: string
    valid_until: string | null
    author: string
    decree: string
    entered_at: number
    entered_by: string
    /** When it was taken back; what it decided before stays decided. */
    ended_at: number | null
    ended_by: string | null
  }
  /** What every verdict stood at when a day of the city ended; chained like the evidence. */
  manifest: {
    seq: number
    day: string
    at: number
    content: string
    /** SHA-256 of the content: its address. */
    content_hash: string
    previous_hash: string
    hash: string
  }
  /** What was told ahead of its day, so that it is told once. */
  duty_reminder: { rule_id: string; subject_id: string; part: string; due_on: string; told_at: number }
}
