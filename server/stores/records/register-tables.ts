// Tables of the registers. A record is a row of versions: a correction adds one and keeps the old.

export type RegisterTables = {
  register_version: {
    /** Of this version; a record keeps its `record_id` through all of them. */
    id: string
    record_id: string
    version: number
    kind: string
    title: string
    number: string | null
    /** Civil dates "2026-11-22" in the city's calendar; both ends belong to the validity. */
    issued_on: string | null
    valid_from: string | null
    valid_until: string | null
    legal_basis: string | null
    /** JSON list of { kind, id }; empty: the city as a whole. */
    subjects: string
    /** JSON object by the schema of the kind. */
    fields: string
    entered_at: number
    entered_by: string
    /** "page", or "import FILE SHEET:ROW". */
    source: string
    /** Id of the version that this one corrects. */
    supersedes: string | null
    /** When a later version, or a withdrawal, took its place; null while it stands. */
    ended_at: number | null
    ended_by: string | null
    /** Why it was withdrawn; null for one that stands or was corrected. */
    withdrawn_reason: string | null
  }
  /** The bytes lie under their hash in the blob store. */
  register_attachment: {
    id: string
    record_id: string
    sha256: string
    name: string
    media_type: string
    bytes: number
    added_at: number
    added_by: string
  }
}
