import { describe, expect, it } from 'vitest'
import { importRegister } from '../../../server/registers/import-records.ts'
import { listRecords } from '../../../server/registers/record-queries.ts'
import { storedXlsx } from '../../support/stored-xlsx.ts'
import { OPERATOR, openOffice } from './office.ts'

const HEAD = ['Nomor', 'Judul', 'Jenis dokumen', 'topic', 'Berlaku sampai', 'peladen']

async function take(office: Awaited<ReturnType<typeof openOffice>>, name: string, content: Buffer | string, more = {}) {
  const contentBase64 = Buffer.from(content).toString('base64')
  return await importRegister.perform(office.deps, OPERATOR, { name, contentBase64, mode: 'apply', ...more })
}

describe('an import', () => {
  it('is previewed without a trace, then taken, and the same file again changes nothing', async () => {
    const office = await openOffice()
    await office.server('web-1')
    const csv = [
      HEAD.join(';'),
      '1/2026;SOP pusat data;SOP;pd-sop;31/12/2026;',
      ';Kebijakan "akses";Kebijakan;kam-kebijakan;;web-1',
      ';Rencana;puisi;drp;31-02-2026;web-9',
      '',
      '1/2026;SOP lagi;SOP;pd-sop;;',
    ].join('\r\n')
    const preview = await take(office, 'document.csv', csv, { mode: 'preview' })
    expect(preview.rows.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual([
      ...['2 added', '3 added', '4 refused', '6 refused'],
    ])
    expect(preview.rows[2]?.details).toEqual([
      ...[
        'documentType: "puisi" is none of sop, juknis, guideline, policy, standard, plan, decree, agreement, form, programme, clearance, other',
      ],
      ...['server: there is no "web-9"', expect.stringContaining('validUntil')],
    ])
    expect(preview.rows[3]?.details).toEqual(['the same record stands in document:2'])
    expect(await listRecords(office.records, { kind: 'document', withdrawn: 'no', limit: 10 })).toEqual([])

    expect(await take(office, 'document.csv', csv)).toMatchObject({ added: 2, changed: 0, refused: 2 })
    expect(await take(office, 'document.csv', csv)).toMatchObject({ added: 0, changed: 0, unchanged: 2, refused: 2 })
    const changed = csv.replace('31/12/2026', '2027-12-31')
    const again = await take(office, 'document.csv', changed)
    expect(again).toMatchObject({ added: 0, changed: 1, unchanged: 1 })
    expect(again.rows[0]?.details).toEqual(['validUntil'])
    const records = await listRecords(office.records, { kind: 'document', withdrawn: 'no', limit: 10 })
    expect(records.map(({ title, version, source }) => `${title} ${version} ${source}`).sort()).toEqual([
      'Kebijakan "akses" 1 import document.csv document:3',
      'SOP pusat data 2 import document.csv document:2',
    ])
  })

  it('reads a workbook whose sheets are called as the registers are; strange sheets and columns are said', async () => {
    const office = await openOffice()
    const workbook = storedXlsx({
      Audit: [
        ['Judul', 'topic', 'Tanggal laporan', 'Pelaksana', 'Jenis pelaksana'],
        ['Audit keamanan 2026', 'audit-keamanan', '2026-03-01', 'Lembaga A', 'Lembaga terakreditasi'],
      ],
      Catatan: [['a'], ['b']],
      SLA: [
        ['Judul', 'Layanan', 'Warna'],
        ['x', 'y', 'z'],
      ],
    })
    const result = await take(office, 'register.xlsx', workbook)
    expect(result.rows.map(({ sheet, row, outcome, details }) => [sheet, row, outcome, ...details])).toEqual([
      ['Audit', 2, 'added'],
      ['Catatan', 1, 'refused', 'no register is called so; name the sheet after one'],
      ['SLA', 1, 'refused', 'unknown columns: Warna'],
    ])
    const [audit] = await listRecords(office.records, { kind: 'audit', withdrawn: 'no', limit: 10 })
    expect(audit?.fields).toMatchObject({ heldOn: '2026-03-01', auditorKind: 'accredited' })
  })

  it('refuses what is no spreadsheet, is not text, or would unpack to more than memory', async () => {
    const office = await openOffice()
    await expect(take(office, 'a.pdf', '%PDF')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(take(office, 'document.csv', Buffer.from([0xff, 0xfe, 0x41, 0]))).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(take(office, 'a.xlsx', 'PK\x03\x04broken')).rejects.toMatchObject({ code: 'bad-request' })
    const bomb = storedXlsx({ SLA: [['Judul']] })
    const entry = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    bomb.writeUInt32LE(0x7fff_ffff, entry + 24)
    await expect(take(office, 'a.xlsx', bomb)).rejects.toMatchObject({ code: 'too-large' })
  })
})
