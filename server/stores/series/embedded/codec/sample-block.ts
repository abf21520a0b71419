// The samples of one series in one window as bytes: how many, their times as offsets from the window's start, their values.
import { type ByteSink, type ByteSource, readVarint, reserve, writeVarint } from './byte-sink.ts'
import { createIntegerCodec, readAscending } from './integers.ts'
import { createValueCodec, readValues } from './values.ts'

export type SampleCodec = {
  /** `times`: ms since the window's start, ascending without equals; `values`: finite. The first `length` of both. */
  write(sink: ByteSink, times: Float64Array, values: Float64Array, length: number): void
}

export function createSampleCodec(): SampleCodec {
  const integers = createIntegerCodec()
  const valueCodec = createValueCodec()
  return {
    write(sink, times, values, length) {
      reserve(sink, 16 + length * 18)
      writeVarint(sink, length)
      integers.writeAscending(sink, times, length)
      valueCodec.write(sink, values, length)
    },
  }
}

/** Arrays that grow to what is read into them. */
export type SampleColumns = { times: Float64Array; values: Float64Array; length: number }

export function createSampleColumns(capacity = 1024): SampleColumns {
  return { times: new Float64Array(capacity), values: new Float64Array(capacity), length: 0 }
}

export function reserveSamples(columns: SampleColumns, more: number): void {
  const needed = columns.length + more
  if (needed <= columns.times.length) return
  const capacity = Math.max(needed, columns.times.length * 2)
  const times = new Float64Array(capacity)
  const values = new Float64Array(capacity)
  times.set(columns.times.subarray(0, columns.length))
  values.set(columns.values.subarray(0, columns.length))
  columns.times = times
  columns.values = values
}

/** Appends the block's samples to `columns`, their times from `base` on. */
export function readSamples(source: ByteSource, base: number, columns: SampleColumns): void {
  const length = readVarint(source)
  reserveSamples(columns, length)
  const from = columns.length
  readAscending(source, columns.times, from, length, base)
  readValues(source, columns.values, from, length)
  columns.length += length
}
