// A spreadsheet file as sheets of text: CSV (comma, semicolon or tab, UTF-8) or XLSX. Nothing in it is ever executed:
// formulas come as the value that was last saved.
import { parse as parseCsv } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { ProblemError } from '../../platform/problem-error.ts'

/** Row 0 holds the headings. */
export type Sheet = { name: string; rows: string[][] }

export const IMPORT_BYTES_AT_MOST = 8 * 1024 * 1024
const UNPACKED_BYTES_AT_MOST = 64 * 1024 * 1024
const ROWS_AT_MOST = 20_000

/** Errors: `bad-request` for what is no such file, `too-large` for what would not fit in memory once unpacked. */
export async function readSheets(name: string, content: Buffer): Promise<Sheet[]> {
  if (content.length > IMPORT_BYTES_AT_MOST) throw new ProblemError('too-large')
  const isXlsx = content.subarray(0, 4).toString('latin1') === 'PK\x03\x04'
  if (!isXlsx && !/\.csv$/i.test(name)) {
    throw new ProblemError('bad-request', 'name: must be a .csv or .xlsx file')
  }
  const sheets = isXlsx ? await sheetsOfXlsx(content) : [sheetOfCsv(name, content)]
  const rows = sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0)
  if (rows > ROWS_AT_MOST) throw new ProblemError('too-large', `The file has ${rows} rows; at most ${ROWS_AT_MOST}`)
  return sheets
}

function sheetOfCsv(name: string, content: Buffer): Sheet {
  const text = new TextDecoder('utf-8').decode(content)
  if (text.includes('\0') || text.includes('\uFFFD')) {
    throw new ProblemError('bad-request', 'contentBase64: a CSV file must be text in UTF-8')
  }
  const heading = text.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [';', '\t', ','].find(candidate => heading.includes(candidate)) ?? ','
  try {
    const rows: string[][] = parseCsv(text, {
      ...{ delimiter, bom: true, relax_column_count: true, relax_quotes: true },
    })
    return { name: name.replace(/\.csv$/i, ''), rows }
  } catch (error) {
    throw new ProblemError('bad-request', `This is no CSV: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function sheetsOfXlsx(content: Buffer): Promise<Sheet[]> {
  if (unpackedBytesOf(content) > UNPACKED_BYTES_AT_MOST) throw new ProblemError('too-large')
  try {
    const sheets = await readXlsx(content)
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map(row => row.map(textOfCell)) }))
  } catch (error) {
    throw new ProblemError('bad-request', `This is no XLSX: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A day is written as a day: spreadsheets keep dates as midnight UTC. */
function textOfCell(cell: unknown): string {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10)
  return cell === null || cell === undefined ? '' : String(cell)
}

const CENTRAL_ENTRY = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50

/** What the directory of the archive says its files hold: a small file can hide a very large one. */
function unpackedBytesOf(content: Buffer): number {
  let end = content.length - 22
  while (end >= 0 && content.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1
  if (end < 0) return 0
  let offset = content.readUInt32LE(end + 16)
  let bytes = 0
  while (offset + 46 <= content.length && content.readUInt32LE(offset) === CENTRAL_ENTRY) {
    bytes += content.readUInt32LE(offset + 24)
    offset +=
      46 + content.readUInt16LE(offset + 28) + content.readUInt16LE(offset + 30) + content.readUInt16LE(offset + 32)
  }
  return bytes
}
