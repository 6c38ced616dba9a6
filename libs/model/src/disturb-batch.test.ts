import { describe, expect, test } from 'vitest'
import { drawCrop, drawMixture, dropInputs, mixSequences } from './disturb-batch.ts'
import { divideIntoCells, drawSamples } from './draw-samples.ts'
import { createGenerator, randomBeta } from './generate-random.ts'

const random = () => createGenerator(7, 'mixup')

test.each([0.3, 1, 4])('numbers of Beta(%d, itself) have its mean and variance', (alpha) => {
  const next = random()
  const values = Array.from({ length: 20_000 }, () => randomBeta(alpha, alpha, next))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  expect(mean).toBeCloseTo(0.5, 1)
  // Within 5 %: the variance of 20,000 numbers is known to about 1 %.
  expect(Math.abs(variance * 4 * (2 * alpha + 1) - 1)).toBeLessThan(0.05)
})

test('every recording of a batch is mixed with one of the batch, mostly itself', () => {
  const batch = Uint32Array.of(4, 8, 15, 16)
  const { partners, shares } = drawMixture(batch, 0.3, random())
  expect([...partners].sort((a, b) => a - b)).toEqual([...batch])
  for (const share of shares) expect(share).toBeGreaterThanOrEqual(0.5)
})

test('a mixed sequence is so much of one and so much of the other in every step', () => {
  const own = { values: Float32Array.of(1, 1, 2, 2, 1, 1, 2, 2), shape: [2, 2, 2] as const }
  const other = { values: Float32Array.of(5, 5, 6, 6, 5, 5, 6, 6), shape: [2, 2, 2] as const }
  mixSequences(own, other, Float64Array.of(0.75, 0.5))
  expect([...own.values]).toEqual([2, 2, 4, 4, 2, 2, 4, 4])
})

test('dropped inputs are zero, the others scaled up so that the mean stays', () => {
  const values = new Float32Array(4 * 500 * 5).fill(1)
  dropInputs({ values, shape: [4, 500, 5] }, { rate: 0.2, wholeColumns: false, random: random() })
  expect(new Set(values)).toEqual(new Set([0, 1.25]))
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(1, 1)
})

test('of frames a value is dropped in all of them or in none', () => {
  const values = new Float32Array(4 * 50 * 5).fill(1)
  dropInputs({ values, shape: [4, 50, 5] }, { rate: 0.5, wholeColumns: true, random: random() })
  const [first, ...others] = Array.from({ length: 4 }, (_, step) => values.slice(step * 250, (step + 1) * 250))
  expect(new Set(first)).toEqual(new Set([0, 2]))
  for (const frame of others) expect(frame).toEqual(first)
})

test('a crop lies within the frames and is as long as asked for at least', () => {
  const crop = drawCrop(0.4, random())
  const pieces = Array.from({ length: 1000 }, () => crop(10))
  for (const [start, length] of pieces) {
    expect(length).toBeGreaterThanOrEqual(4)
    expect(start + length).toBeLessThanOrEqual(10)
  }
  expect(new Set(pieces.map(([start]) => start)).size).toBe(7)
  expect(crop(1)).toEqual([0, 1])
})

describe('balanced sampling', () => {
  // 90 of class 0 in dataset 1, 9 of class 1 there, one of class 1 in dataset 2.
  const labels = Uint8Array.from({ length: 100 }, (_, index) => (index < 90 ? 0 : 1))
  const domains = Uint32Array.from({ length: 100 }, (_, index) => (index < 99 ? 1 : 2))
  const count = (balance: ('class' | 'dataset' | 'speaker')[]) => {
    const cells = divideIntoCells({ labels, domains }, { balance, stepsPerEpoch: 30 })
    const batches = drawSamples(cells, { batchSize: 100, stepsPerEpoch: 30 }, random())
    expect(batches.map(({ length }) => length)).toEqual(Array<number>(30).fill(100))
    const drawn = batches.flatMap((batch) => [...batch])
    return (holds: (recording: number) => boolean) => drawn.filter(holds).length / drawn.length
  }

  test('by class draws every class as often', () => {
    const share = count(['class'])
    expect(share((recording) => labels[recording] === 0)).toBeCloseTo(0.5, 1)
    expect(share((recording) => recording === 99)).toBeCloseTo(0.05, 1)
  })

  test('by class and dataset draws every class of every dataset as often, however few there are', () => {
    const share = count(['class', 'dataset'])
    expect(share((recording) => labels[recording] === 0)).toBeCloseTo(1 / 3, 1)
    expect(share((recording) => recording === 99)).toBeCloseTo(1 / 3, 1)
  })

  test('by what is not known of the recordings is refused', () => {
    expect(() => divideIntoCells({ labels }, { balance: ['speaker'], stepsPerEpoch: 1 })).toThrow(RangeError)
  })
})
