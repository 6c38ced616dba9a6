import { describe, expect, it } from 'vitest'
import { cutWindows } from './cut-windows.ts'

const counting = Float32Array.from({ length: 1003 }, (_, index) => index)

async function* inBlocks(samples: Float32Array, length: number) {
  for (let at = 0; at < samples.length; at += length) yield samples.subarray(at, at + length)
}

async function cut(samples: Float32Array, blockLength: number, windowSamples: number, hopSamples: number) {
  const windows: { start: number; first: number; length: number }[] = []
  for await (const window of cutWindows(inBlocks(samples, blockLength), { windowSamples, hopSamples })) {
    // Samples count from 0, so that a window says itself where it was cut.
    expect(window.samples).toEqual(samples.slice(window.start, window.start + window.samples.length))
    windows.push({ start: window.start, first: window.samples[0], length: window.samples.length })
  }
  return windows
}

describe('cutting a recording into windows', () => {
  it.each([1, 7, 100, 333, 5000])('gives the same windows from blocks of %i samples', async (blockLength) => {
    const windows = await cut(counting, blockLength, 200, 100)
    expect(windows.map(({ start }) => start)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 803])
    expect(windows.every(({ length }) => length === 200)).toBe(true)
  })

  it('moves the last window back to the end, and makes none where the windows end there already', async () => {
    expect((await cut(counting.subarray(0, 400), 64, 200, 100)).map(({ start }) => start)).toEqual([0, 100, 200])
    expect((await cut(counting.subarray(0, 401), 64, 200, 100)).map(({ start }) => start)).toEqual([0, 100, 200, 201])
  })

  it('leaves gaps where the hop is longer than a window, but not at the end', async () => {
    const windows = await cut(counting, 50, 100, 300)
    expect(windows.map(({ start }) => start)).toEqual([0, 300, 600, 900, 903])
  })

  it('makes one window of a recording that is shorter than one', async () => {
    expect(await cut(counting.subarray(0, 30), 7, 100, 50)).toEqual([{ start: 0, first: 0, length: 30 }])
    expect(await cut(counting.subarray(0, 100), 7, 100, 50)).toEqual([{ start: 0, first: 0, length: 100 }])
  })
})
