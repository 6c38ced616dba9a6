import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bootstrapIntervals, type Interval } from './bootstrap-intervals.ts'
import { calibrate } from './calibrate.ts'
import { comparePredictions, isNotInferior } from './compare-predictions.ts'
import { mostProbable } from './evaluate-predictions.ts'
import { groupFigures } from './group-figures.ts'
import { mcnemarTest } from './mcnemar-test.ts'
import { meanInterval } from './mean-interval.ts'
import { studentQuantile } from './student-t.ts'
import { wilsonInterval } from './wilson-interval.ts'

type Pair = readonly [number, number]
type Fixture = {
  readonly truth: number[]
  readonly speaker: number[]
  readonly first: number[]
  readonly second: number[]
  readonly calibration: { ece: number; counts: number[]; accuracy: number[]; confidence: number[] }
  readonly speakers: { accuracy: number; uar: number; macroF1: number }[]
  readonly overRecordings: { accuracy: Pair; uar: Pair }
  readonly overSpeakers: { accuracy: Pair; uar: Pair }
  readonly difference: { accuracy: Pair; uar: Pair; uarOverSpeakers: Pair }
  readonly mcnemar: { onlyFirst: number; onlySecond: number; pValue: number }[]
  readonly quantiles: { p: number; df: number; t: number }[]
  readonly seeds: { values: number[]; interval: Pair }
}

// Made by fixtures/make_figures.py with scikit-learn, SciPy and statsmodels.
const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/figures.json', import.meta.url), 'utf8'))
const labels = ['a', 'b', 'c', 'd']
const classes = labels.length
const { truth } = fixture
const [first, second] = [mostProbable(fixture.first, classes), mostProbable(fixture.second, classes)]
const speakers = fixture.speaker.map((name) => `speaker ${String(name).padStart(2, '0')}`)

/** mulberry32: small, and good enough to draw recordings with. */
function drawBelow(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

/** Two bootstraps draw differently: their ends differ by about 0.001 here, and a share of 240 recordings moves in steps of 0.004. */
function expectNear({ low, high }: Interval, [expectedLow, expectedHigh]: Pair, tolerance = 0.005): void {
  expect(Math.abs(low - expectedLow)).toBeLessThan(tolerance)
  expect(Math.abs(high - expectedHigh)).toBeLessThan(tolerance)
}

describe('calibration', () => {
  it('is what scikit-learn says of the predicted class', () => {
    const { ece, bins } = calibrate({ truth, probabilities: fixture.first, labels })
    expect(ece).toBeCloseTo(fixture.calibration.ece, 12)
    expect(bins.map(({ count }) => count)).toEqual(fixture.calibration.counts)
    for (const [index, bin] of bins.entries()) {
      expect(bin.accuracy).toBeCloseTo(fixture.calibration.accuracy[index], 12)
      expect(bin.confidence).toBeCloseTo(fixture.calibration.confidence[index], 12)
    }
  })

  it('is 0 for a model that is right as often as it says, and by hand elsewhere', () => {
    // Four recordings at 0.75, three of them right; with four of them right the gap is 0.25.
    const probabilities = [0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25]
    const options = { probabilities, labels: ['a', 'b'] }
    expect(calibrate({ truth: [0, 0, 0, 1], ...options }).ece).toBe(0)
    expect(calibrate({ truth: [0, 0, 0, 0], ...options }).ece).toBe(0.25)
  })

  it('puts a confidence on an edge into the bin below it, and one of 1 into the last', () => {
    const { bins } = calibrate({ truth: [0, 0], probabilities: [0.5, 0.5, 1, 0], labels: ['a', 'b'] }, 10)
    expect(bins).toEqual([
      { low: 0.4, high: 0.5, count: 1, confidence: 0.5, accuracy: 1 },
      { low: 0.9, high: 1, count: 1, confidence: 1, accuracy: 1 },
    ])
  })

  it('of nothing is empty', () => {
    expect(calibrate({ truth: [], probabilities: [], labels })).toEqual({ ece: 0, bins: [] })
  })
})

describe('figures of groups', () => {
  it('are those of each speaker alone, as scikit-learn gives them', () => {
    const figures = groupFigures(truth, first, speakers, classes)
    expect(figures.map(({ name }) => name)).toEqual([...new Set(speakers)].toSorted())
    expect(figures.reduce((sum, { support }) => sum + support, 0)).toBe(truth.length)
    for (const [index, { accuracy, uar, macroF1 }] of figures.entries()) {
      expect(accuracy).toBeCloseTo(fixture.speakers[index].accuracy, 12)
      expect(uar).toBeCloseTo(fixture.speakers[index].uar, 12)
      expect(macroF1).toBeCloseTo(fixture.speakers[index].macroF1, 12)
    }
  })

  it('need one name a recording', () => {
    expect(() => groupFigures([0, 1], [0, 1], ['a'], 2)).toThrow('1 groups for 2 recordings')
  })
})

describe('bootstrap intervals', () => {
  const options = { truth, classes, resamples: 4000 }

  it("are SciPy's over recordings", () => {
    const intervals = bootstrapIntervals(first, { ...options, below: drawBelow(1) })
    expectNear(intervals.accuracy, fixture.overRecordings.accuracy)
    expectNear(intervals.uar, fixture.overRecordings.uar)
  })

  it("are SciPy's over speakers, and wider because speakers differ", () => {
    const intervals = bootstrapIntervals(first, { ...options, below: drawBelow(1), clusters: speakers })
    expectNear(intervals.accuracy, fixture.overSpeakers.accuracy)
    expectNear(intervals.uar, fixture.overSpeakers.uar)
    const [low, high] = fixture.overRecordings.accuracy
    expect(intervals.accuracy.high - intervals.accuracy.low).toBeGreaterThan(1.2 * (high - low))
  })

  it('are the same for the same draws', () => {
    const [one, again, other] = [3, 3, 4].map((seed) =>
      bootstrapIntervals(first, { ...options, resamples: 50, below: drawBelow(seed) }),
    )
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('are a point where nothing varies', () => {
    const perfect = bootstrapIntervals(truth, { ...options, resamples: 20, below: drawBelow(1) })
    expect(perfect.accuracy).toEqual({ low: 1, high: 1 })
  })

  it('are refused where nothing can be drawn, or what is given does not fit', () => {
    const below = drawBelow(1)
    const clusters = truth.map(() => 'one')
    expect(() => bootstrapIntervals(first, { ...options, below, clusters })).toThrow(
      'nothing can be drawn from 1 units',
    )
    expect(() => bootstrapIntervals(first, { ...options, below, clusters: ['one'] })).toThrow('1 clusters for 240')
    expect(() => bootstrapIntervals([0], { ...options, below })).toThrow('240 true labels, but 1 predictions')
  })
})

const compare = (clusters?: readonly string[]) =>
  comparePredictions(first, second, {
    truth,
    classes,
    resamples: 4000,
    below: drawBelow(2),
    ...(clusters === undefined ? {} : { clusters }),
  })

describe('the comparison of two models', () => {
  it("has SciPy's intervals of the paired difference", () => {
    const { difference } = compare()
    expectNear(difference.accuracy, fixture.difference.accuracy)
    expectNear(difference.uar, fixture.difference.uar)
    expectNear(compare(speakers).difference.uar, fixture.difference.uarOverSpeakers)
  })

  it('counts what only one of them has right, and tests it', () => {
    const { onlyFirst, onlySecond, pValue, difference } = compare()
    const [expected] = fixture.mcnemar
    expect({ onlyFirst, onlySecond }).toEqual({ onlyFirst: expected.onlyFirst, onlySecond: expected.onlySecond })
    expect(pValue).toBeCloseTo(expected.pValue, 12)
    expect(difference.accuracy.value).toBeCloseTo((onlySecond - onlyFirst) / truth.length, 12)
  })

  it('finds no difference between a model and itself', () => {
    const same = comparePredictions(first, first, { truth, classes, resamples: 20, below: drawBelow(1) })
    expect(same.difference.uar).toEqual({ value: 0, low: 0, high: 0 })
    expect(same).toMatchObject({ onlyFirst: 0, onlySecond: 0, pValue: 1 })
  })

  it('lets a model pass whose interval stays within the margin', () => {
    expect(isNotInferior({ low: -0.009, high: 0.02 }, 0.01)).toBe(true)
    expect(isNotInferior({ low: -0.011, high: 0.02 }, 0.01)).toBe(false)
  })
})

describe("McNemar's exact test", () => {
  it.each(fixture.mcnemar)(
    "is statsmodels' for $onlyFirst against $onlySecond",
    ({ onlyFirst, onlySecond, pValue }) => {
      expect(Math.abs(mcnemarTest(onlyFirst, onlySecond) - pValue)).toBeLessThan(1e-8)
      expect(mcnemarTest(onlySecond, onlyFirst)).toBe(mcnemarTest(onlyFirst, onlySecond))
    },
  )
})

describe('the mean over seeds', () => {
  it.each(fixture.quantiles)("has SciPy's quantile of Student's t: p $p, $df degrees", ({ p, df, t }) => {
    expect(Math.abs(studentQuantile(p, df) / t - 1)).toBeLessThan(1e-8)
  })

  it("has SciPy's interval", () => {
    const { values, interval } = fixture.seeds
    const found = meanInterval(values)
    expect(found.interval?.low).toBeCloseTo(interval[0], 9)
    expect(found.interval?.high).toBeCloseTo(interval[1], 9)
    expect(found.mean).toBeCloseTo(0.95828, 12)
  })

  it('has no interval of one value, and is refused of none', () => {
    expect(meanInterval([0.5])).toEqual({ count: 1, mean: 0.5, deviation: 0 })
    expect(() => meanInterval([])).toThrow('no value')
    expect(() => studentQuantile(0.5, 3)).toThrow(RangeError)
  })
})

describe('the interval of a share', () => {
  // statsmodels.stats.proportion.proportion_confint(hits, count, method='wilson')
  it.each([
    [9, 10, 0.595_849_973_2, 0.982_123_786_9],
    [0, 10, 0, 0.277_532_799_9],
    [30, 30, 0.886_486_606_8, 1],
  ])('%i of %i', (hits, count, low, high) => {
    const interval = wilsonInterval(hits, count)
    expect(interval.low).toBeCloseTo(low, 7)
    expect(interval.high).toBeCloseTo(high, 7)
  })
  it('of nothing is refused', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(RangeError)
  })
})
