// Doubles by the bits in which each differs from the one before; a group shares the window that its differences need.
import { bitsOf, readRun, writeRun } from './bit-runs.ts'
import { type ByteSink, type ByteSource, readByte, writeByte } from './byte-sink.ts'

const GROUP = 64

const trailingZeros = (word: number) => (word === 0 ? 0 : 31 - Math.clz32(word & -word))

export type XorCodec = { write(sink: ByteSink, values: Float64Array, length: number): void }

export function createXorCodec(): XorCodec {
  const halves = { low: new Float64Array(GROUP), high: new Float64Array(GROUP) }

  return {
    write(sink, values, length) {
      const double = new Float64Array(1)
      const words = new Uint32Array(double.buffer)
      let lowBefore = 0
      let highBefore = 0
      for (let from = 0; from < length; from += GROUP) {
        const count = Math.min(GROUP, length - from)
        let lowUsed = 0
        let highUsed = 0
        for (let index = 0; index < count; index++) {
          double[0] = values[from + index] ?? 0
          const low = words[0] ?? 0
          const high = words[1] ?? 0
          const lowChanged = (low ^ lowBefore) >>> 0
          const highChanged = (high ^ highBefore) >>> 0
          halves.low[index] = lowChanged
          halves.high[index] = highChanged
          lowUsed |= lowChanged
          highUsed |= highChanged
          lowBefore = low
          highBefore = high
        }
        for (const [half, used] of [
          [halves.low, lowUsed >>> 0],
          [halves.high, highUsed >>> 0],
        ] as const) {
          const shift = trailingZeros(used)
          for (let index = 0; index < count; index++) half[index] = (half[index] ?? 0) >>> shift
          const width = bitsOf(used >>> shift)
          writeByte(sink, shift)
          writeByte(sink, width)
          writeRun(sink, half, 0, count, 0, width)
        }
      }
    },
  }
}

export function readXor(source: ByteSource, values: Float64Array, from: number, length: number): void {
  const double = new Float64Array(1)
  const words = new Uint32Array(double.buffer)
  const low = new Float64Array(GROUP)
  const high = new Float64Array(GROUP)
  let lowWord = 0
  let highWord = 0
  for (let done = 0; done < length; done += GROUP) {
    const count = Math.min(GROUP, length - done)
    const lowShift = readByte(source)
    readRun(source, low, 0, count, 0, readByte(source))
    const highShift = readByte(source)
    readRun(source, high, 0, count, 0, readByte(source))
    for (let index = 0; index < count; index++) {
      lowWord ^= (low[index] ?? 0) << lowShift
      highWord ^= (high[index] ?? 0) << highShift
      words[0] = lowWord
      words[1] = highWord
      values[from + done + index] = double[0] ?? 0
    }
  }
}
