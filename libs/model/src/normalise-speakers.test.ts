import { SerError } from '@ser/contracts'
import { expect, test } from 'vitest'
import { createGenerator, shuffledIndices, standardNormal } from './generate-random.ts'
import { fitNormalisation, normaliseInputs, type Inputs } from './normalise-inputs.ts'
import { SPEAKER_DEFAULTS } from './normalise-speakers.ts'

const FEATURES = 3

/** Recordings of speakers that differ in level and spread. */
function recordings(seed: number, counts: readonly number[]): Required<Omit<Inputs, 'lengths'>> {
  const random = createGenerator(seed, 'weights')
  const speakers = Uint32Array.from(counts.flatMap((count, speaker) => Array<number>(count).fill(speaker)))
  const vectors = Float32Array.from(
    { length: speakers.length * FEATURES },
    (_, at) => 10 * speakers[Math.floor(at / FEATURES)] + (1 + (at % FEATURES)) * standardNormal(random),
  )
  return { vectors, speakers }
}

const training = recordings(1, [40, 60])
const normalisation = fitNormalisation({ ...training, features: FEATURES, speaker: true })
const rowsOf = ({ vectors }: Inputs) =>
  Array.from({ length: vectors.length / FEATURES }, (_, row) => [
    ...vectors.subarray(row * FEATURES, (row + 1) * FEATURES),
  ])

function expectClose(actual: readonly number[][], expected: readonly number[][]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [row, values] of actual.entries())
    for (const [column, value] of values.entries()) expect(value).toBeCloseTo(expected[row][column], 5)
}

test('a speaker of many recordings has mean 0 and deviation 1, however loud the voice', () => {
  const rows = rowsOf(normaliseInputs(recordings(2, [0, 0, 500]), FEATURES, normalisation))
  for (let column = 0; column < FEATURES; column++) {
    const mean = rows.reduce((sum, row) => sum + row[column], 0) / rows.length
    const deviation = Math.sqrt(rows.reduce((sum, row) => sum + (row[column] - mean) ** 2, 0) / rows.length)
    // The training speakers are five of 505 recordings, and 15 away.
    expect(Math.abs(mean)).toBeLessThan(0.2)
    expect(Math.abs(deviation - 1)).toBeLessThan(0.45)
  }
})

test('the speaker of another voice says the same when only level and spread of the voice differ', () => {
  const one = recordings(3, [200])
  const other = { ...one, vectors: one.vectors.map((value) => 2 * value + 7) }
  const own = { ...normalisation, speaker: { ...normalisation.speaker!, shrinkage: 0 } }
  expectClose(rowsOf(normaliseInputs(one, FEATURES, own)), rowsOf(normaliseInputs(other, FEATURES, own)))
})

test('the order of recordings does not matter, nor by which numbers speakers go', () => {
  const side = recordings(4, [7, 9, 2])
  const order = [...shuffledIndices(18, createGenerator(9, 'shuffle'))]
  const shuffled = {
    vectors: Float32Array.from(order.flatMap((row) => rowsOf(side)[row])),
    speakers: Uint32Array.from(order, (row) => 100 - side.speakers[row]),
  }
  const expected = rowsOf(normaliseInputs(side, FEATURES, normalisation))
  const actual = rowsOf(normaliseInputs(shuffled, FEATURES, normalisation))
  expectClose(
    actual,
    order.map((row) => expected[row]),
  )
})

test('fewer recordings than count are normalised by the training speakers, as one of nobody known is', () => {
  const few = recordings(5, [0, SPEAKER_DEFAULTS.fewest - 1])
  const alone = { vectors: few.vectors }
  expect(rowsOf(normaliseInputs(few, FEATURES, normalisation))).toEqual(
    rowsOf(normaliseInputs(alone, FEATURES, normalisation)),
  )
})

test('statistics of few recordings lie between their own and those of the training speakers', () => {
  const { speaker } = normalisation
  const vectors = Float32Array.of(20, 0, 0, 20, 0, 0, 20, 0, 0)
  const { vectors: result } = normaliseInputs({ vectors, speakers: new Uint32Array(3) }, FEATURES, {
    speaker: { ...speaker!, mean: Float32Array.of(12, 0, 0), deviation: Float32Array.of(1, 1, 1) },
  })
  // 3 at 20 and 5 at 12: mean 15, variance 3/8 * 25 + 5/8 * 1 + what the means differ by; the variance of the report is around the drawn mean.
  const drawn = (3 * 20 + 5 * 12) / 8
  expect(result[0]).toBeCloseTo((20 - drawn) / Math.sqrt((3 * (20 - drawn) ** 2 + 5 * 1) / 8), 5)
})

test('no value lies further out than the bound before the training side standardises it', () => {
  const { speaker } = normalisation
  const { vectors } = normaliseInputs({ vectors: Float32Array.of(1e6, -1e6, 0) }, FEATURES, { speaker: speaker! })
  expect([...vectors.subarray(0, 2)]).toEqual([SPEAKER_DEFAULTS.bound, -SPEAKER_DEFAULTS.bound])
})

test('of frames every recording counts once, and every frame of it is normalised', () => {
  const vectors = Float32Array.from({ length: 12 * FEATURES }, (_, at) => at)
  const lengths = Uint32Array.of(2, 4, 6)
  const speakers = new Uint32Array(3)
  const { vectors: result } = normaliseInputs({ vectors, lengths, speakers }, FEATURES, {
    speaker: { ...normalisation.speaker!, shrinkage: 0 },
  })
  const first = Array.from({ length: 12 }, (_, row) => result[row * FEATURES])
  expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4)
  expect(first.reduce((sum, value) => sum + value * value, 0) / 12).toBeCloseTo(1, 4)
})

test('a training side without a speaker of enough recordings is refused with the reason', () => {
  const lone = { vectors: new Float32Array(6), speakers: Uint32Array.of(1, 2), features: FEATURES, speaker: true }
  expect(() => fitNormalisation(lone)).toThrow(SerError)
  expect(() => fitNormalisation(lone)).toThrow(expect.objectContaining({ code: 'SPEAKERS_UNKNOWN', kind: 'bad-input' }))
})
