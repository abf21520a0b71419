import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'drop view subject',
  // A service is a record of its register; probes speak for it as they do for devices and links.
  `create view subject as
    select id, slug, name, kind, agency_id, site_id, created_at, removed_at from device
    union all
    select id, slug, name, 'link', agency_id, far_site_id, created_at, removed_at from link
    union all
    select record_id, record_id, title, 'service',
      (select json_extract(value, '$.id') from json_each(subjects) where json_extract(value, '$.kind') = 'agency'), null,
      (select min(entered_at) from register_version first where first.record_id = register_version.record_id), ended_at
    from register_version where kind = 'service' and (ended_at is null or withdrawn_reason is not null)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
