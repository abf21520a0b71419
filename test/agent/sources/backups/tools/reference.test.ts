import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseJobFile } from '../../../../../agent/sources/backups/job-file.ts'
import { BACKUP_TROUBLES } from '../../../../../protocol/backup-words.ts'

const page = readFileSync('docs/reference/backup-tools.md', 'utf8')
const examples = [...page.matchAll(/```yaml\n(jobs:[\s\S]*?)```/g)].map(([, text = '']) => text)

describe('the page on tools', () => {
  it('has examples that are right', async () => {
    const tools: string[] = []
    for (const example of examples) {
      const { jobs, problems } = await parseJobFile(example)
      expect(problems).toEqual([])
      tools.push(...jobs.map(({ tool }) => tool))
    }
    expect(tools).toEqual(['restic', 'borg', 'pgbackrest', 'proxmox-ve', 'proxmox-backup-server', 's3'])
  })

  it('has each trouble that there is', () => {
    expect(BACKUP_TROUBLES.filter(trouble => !page.includes(`\`${trouble}\``))).toEqual([])
  })
})
