import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attachToRecord, problemOfFile } from '../../../server/registers/attach.ts'
import { correctRegisterRecord } from '../../../server/registers/correct-record.ts'
import { createRegisterRecord } from '../../../server/registers/create-record.ts'
import { REGISTER_KINDS } from '../../../server/registers/kinds/registry.ts'
import { listRecords, readRecord } from '../../../server/registers/record-queries.ts'
import { withdrawRegisterRecord } from '../../../server/registers/withdraw-record.ts'
import { OPERATOR, openOffice, VIEWER } from './office.ts'

const SOP = { title: 'SOP pusat data', fields: { topic: 'pd-sop', documentType: 'sop' } }
const PDF = Buffer.from('%PDF-1.7\nlaporan')

describe('a record', () => {
  it('is corrected by a new version; the old one stays and says what it said', async () => {
    const office = await openOffice()
    const id = await office.enter('document', { ...SOP, validUntil: '2026-12-31' })
    office.clock.at += 86_400_000
    await correctRegisterRecord.perform(office.deps, OPERATOR, { id, ...SOP, validUntil: '2027-12-31' })
    const { record, versions } = await readRecord(office.records, id)
    expect(record).toMatchObject({ version: 2, validUntil: '2027-12-31', title: 'SOP pusat data' })
    expect(versions.map(({ version, validUntil }) => ({ version, validUntil }))).toEqual([
      { version: 1, validUntil: '2026-12-31' },
    ])
    expect(await listRecords(office.records, { kind: 'document', withdrawn: 'no', limit: 10 })).toHaveLength(1)
    const audit = await office.records.selectFrom('audit').select(['action', 'subject', 'detail']).execute()
    expect(audit.map(entry => entry.action)).toEqual(['register.create', 'register.correct'])
    expect(JSON.parse(audit[1]?.detail ?? '')).toEqual({ register: 'document', changed: ['validUntil'] })
  })

  it('that is withdrawn counts no more, is kept with the reason, and takes no correction', async () => {
    const office = await openOffice()
    const id = await office.enter('document', SOP)
    await withdrawRegisterRecord.perform(office.deps, OPERATOR, { id, reason: 'Salah kota' })
    expect(await listRecords(office.records, { kind: 'document', withdrawn: 'no', limit: 10 })).toEqual([])
    const [gone] = await listRecords(office.records, { kind: 'document', withdrawn: 'yes', limit: 10 })
    expect(gone?.withdrawn).toMatchObject({ reason: 'Salah kota', at: office.clock.at })
    await expect(correctRegisterRecord.perform(office.deps, OPERATOR, { id, ...SOP })).rejects.toMatchObject({
      code: 'wrong-state',
    })
  })

  it('is about subjects that exist, and is found by them', async () => {
    const office = await openOffice()
    const id = await office.server('web-1')
    await office.enter('contact', {
      subjects: [{ kind: 'server', id }],
      fields: { role: 'admin', person: 'Sari', reachedBy: '0811' },
    })
    const found = await listRecords(office.records, { kind: 'contact', subject: id, withdrawn: 'no', limit: 10 })
    expect(found[0]?.subjects).toEqual([{ kind: 'server', id, name: 'web-1' }])
    const strange = office.enter('contact', {
      subjects: [{ kind: 'server', id: '01938f6e-0000-7000-8000-000000000999' }],
      fields: { role: 'admin', person: 'Sari', reachedBy: '0811' },
    })
    await expect(strange).rejects.toMatchObject({
      code: 'bad-request',
      issues: [{ path: 'subjects.0', message: 'there is no server with this id' }],
    })
  })

  it('is refused with each place: fields of the kind, dates, legal basis', async () => {
    const office = await openOffice()
    const refused = async (kind: string, input: object) =>
      await createRegisterRecord.perform(office.deps, OPERATOR, { kind, title: 'X', ...input }).then(
        () => [],
        (error: { issues: { path: string }[] }) => error.issues.map(({ path }) => path),
      )
    expect(await refused('document', { fields: { documentType: 'poem', colour: 'red' } })).toEqual(
      expect.arrayContaining(['fields.documentType', 'fields']),
    )
    expect(await refused('document', { ...SOP, validFrom: '2026-02-01', validUntil: '2026-01-01' })).toEqual([
      'validUntil',
    ])
    expect(await refused('document', { ...SOP, validFrom: '2026-02-31' })).toEqual(['validFrom'])
    const exemption = { fields: { duties: ['depok-2021-40-18-3'], decree: '12/2026' } }
    expect(await refused('exemption', exemption)).toEqual(['legalBasis'])
    expect(await refused('exemption', { ...exemption, legalBasis: 'Pasal 55' })).toEqual([])
    expect(await refused('poem', {})).toEqual([])
    await expect(createRegisterRecord.perform(office.deps, VIEWER, { kind: 'document', ...SOP })).rejects.toMatchObject(
      {
        code: 'forbidden',
      },
    )
  })
})

describe('a file with a record', () => {
  it('lies under the hash of its bytes, once, and a changed byte shows', async () => {
    const office = await openOffice()
    const id = await office.enter('audit', {
      fields: { heldOn: '2026-01-02', auditor: 'BSSN', auditorKind: 'government', topic: 'audit-keamanan' },
    })
    const file = { id, name: 'laporan.pdf', mediaType: 'application/pdf', contentBase64: PDF.toString('base64') }
    const { sha256 } = await attachToRecord.perform(office.deps, OPERATOR, file)
    await attachToRecord.perform(office.deps, OPERATOR, file)
    const { attachments } = await readRecord(office.records, id)
    expect(attachments).toMatchObject([{ name: 'laporan.pdf', bytes: PDF.length, sha256, addedBy: OPERATOR.id }])
    expect(await office.deps.blobs.get(sha256)).toEqual(PDF)
    const folder = join(office.directory, 'blobs', sha256.slice(0, 2))
    const path = join(folder, readdirSync(folder)[0] ?? '')
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(1), Buffer.from('x')]))
    expect(await office.deps.blobs.get(sha256)).toBe('damaged')
    expect(await office.deps.blobs.get('../../../../etc/passwd')).toBeNull()
  })

  it('is refused when name, type and bytes do not go together', () => {
    const problem = (name: string, type: string, content: Buffer) => problemOfFile(name, type, content)?.split(':')[0]
    expect(problem('a.pdf', 'application/pdf', PDF)).toBeUndefined()
    expect(problem('a.html', 'text/html', PDF)).toBe('mediaType')
    expect(problem('a.exe', 'application/pdf', PDF)).toBe('name')
    expect(problem('../a.pdf', 'application/pdf', PDF)).toBe('name')
    expect(problem('a.pdf', 'application/pdf', Buffer.from('MZ'))).toBe('contentBase64')
    expect(problem('a.txt', 'text/plain', Buffer.from('a\0b'))).toBe('contentBase64')
    expect(problem('a.pdf', 'application/pdf', Buffer.alloc(0))).toBe('contentBase64')
  })
})

describe('the kinds', () => {
  it('say each thing once and in both languages', () => {
    const names = REGISTER_KINDS.map(({ kind }) => kind)
    expect(new Set(names).size).toBe(names.length)
    for (const kind of REGISTER_KINDS) {
      const fields = kind.fields.map(({ name }) => name)
      expect(new Set(fields).size).toBe(fields.length)
      for (const text of [kind.title, kind.description, ...kind.fields.map(({ label }) => label)]) {
        expect(text.id.length * text.en.length).toBeGreaterThan(0)
      }
      for (const field of kind.fields) expect(field.choices !== undefined).toBe(field.type === 'choice')
    }
  })
})
