import { EMOTIONS, runSpecSchema, type Run } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import {
  blockChart,
  commonMistakes,
  confusionTable,
  drawConfusion,
  duration,
  drawLossCurves,
  groupRuns,
  renderComparison,
  renderRunReport,
  summariseRuns,
  textCurves,
} from './index.ts'
import { normaliseRows } from './normalise-rows.ts'

const confusion = EMOTIONS.map((_, row) =>
  EMOTIONS.map((__, column) =>
    row === column ? 90 : row === 3 && column === 6 ? 7 : row === 0 && column === 1 ? 2 : 0,
  ),
)

const run: Run = {
  id: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
  spec: runSpecSchema.parse({ datasets: ['tess'], seed: 42 }),
  specHash: 'ab'.repeat(32),
  status: 'completed',
  error: null,
  snapshot: { hash: 'cd'.repeat(32), train: 2100, test: 700 },
  backend: 'tensorflow',
  codeVersion: '0.1.0',
  epochs: [1, 2, 3].map((epoch) => ({
    epoch,
    trainLoss: 2 / epoch,
    trainAccuracy: epoch / 4,
    testLoss: 2.2 / epoch,
    testAccuracy: epoch / 5,
    seconds: 0.5,
  })),
  evaluation: {
    labels: [...EMOTIONS],
    confusion,
    accuracy: 0.987,
    uar: 0.986,
    macroF1: 0.985,
    loss: 0.0912,
    perClass: EMOTIONS.map((label) => ({ label, support: 100, precision: 0.9, recall: 0.91, f1: 0.92 })),
  },
  version: { model: 'paper', version: 3 },
  createdAt: '2026-11-23T15:00:00Z',
  startedAt: '2026-11-23T15:00:01Z',
  finishedAt: '2026-11-23T15:00:21Z',
}

describe('the HTML report', () => {
  const html = renderRunReport(run, { predictCommand: 'npx ser predict a.wav', notice: 'synthetic <b>' })

  it('needs nothing from outside and runs no script', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\son\w+=/i)
    expect(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:\/\//)
    expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; `)
  })

  it('says the figures, the seed, the snapshot and the command', () => {
    for (const text of [
      '98.7 %',
      '98.6 %',
      '0.0912',
      'cd'.repeat(32),
      'npx ser predict a.wav',
      '>42<',
      'paper version 3',
    ])
      expect(html).toContain(text)
  })

  it('says which recipe variants were made by while it trained, of how much of an epoch, and what was mixed in', () => {
    const resources = { voices: { side: 'train' }, noise: { dataset: 'street', half: 'train' } } as const
    const spec = runSpecSchema.parse({ datasets: ['tess'], onTheFly: { recipe: 'everyday@1', share: 0.6, resources } })
    const text = renderRunReport({ ...run, spec })
    expect(text).toContain('Variants on the fly')
    expect(text).toContain('everyday@1: in each epoch 60 % of the original training recordings')
    expect(text).toContain('mixed in: voices of the training side, noise of street (half train)')
    expect(html).not.toContain('on the fly')
  })

  it('escapes what others wrote', () => {
    expect(html).toContain('synthetic &lt;b&gt;')
    expect(html).not.toContain('synthetic <b>')
  })

  it('describes each of its five pictures and gives every identifier once', () => {
    expect(html.match(/<svg role="img" aria-label="[^"]{20,}"/g)).toHaveLength(5)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is the same text when rendered again', () => {
    expect(renderRunReport(run, { predictCommand: 'npx ser predict a.wav', notice: 'synthetic <b>' })).toBe(html)
  })

  it('reports a run that has not begun without pictures', () => {
    const queued = renderRunReport({
      ...run,
      status: 'queued',
      epochs: [],
      evaluation: null,
      snapshot: null,
      version: null,
    })
    expect(queued).not.toContain('<svg')
    expect(queued).toContain(`Run ${run.id}`)
  })

  it('shows why a run failed', () => {
    const failed = renderRunReport({
      ...run,
      status: 'failed',
      error: { code: 'NO_CLIPS', message: 'no clip has a vector' },
    })
    expect(failed).toContain('NO_CLIPS: no clip has a vector')
  })
})

describe('the HTML report of a run that says how sure it is', () => {
  const interval = { low: 0.9714, high: 0.9986 }
  const figures = { accuracy: interval, uar: interval, macroF1: interval }
  const html = renderRunReport({
    ...run,
    evaluation: {
      ...run.evaluation!,
      intervals: [
        { over: 'recordings', units: 700, level: 0.95, resamples: 2000, ...figures },
        { over: 'speakers', units: 8, level: 0.95, resamples: 2000, ...figures, accuracy: { low: 0.5, high: 0.75 } },
      ],
      groups: [
        { by: 'speaker', name: 'Actor_01 <b>', support: 30, accuracy: 0.4, uar: 0.41, macroF1: 0.42 },
        { by: 'speaker', name: 'Actor_02', support: 30, accuracy: 0.8, uar: 0.81, macroF1: 0.82 },
      ],
      calibration: {
        ece: 0.123,
        bins: [{ low: 0.4, high: 0.4667, count: 12, confidence: 0.44, accuracy: 0.33 }],
      },
    },
  })

  it('has the interval of each figure, over recordings and over speakers', () => {
    expect(html).toContain('<small>95 %: 97.1 to 99.9 %</small>')
    expect(html).toContain('Other speakers <small>(8 speakers drawn)</small>')
    expect(html).toContain('50.0 to 75.0 %')
  })

  it('has the figures of every speaker, escaped, and the reliability curve with its numbers', () => {
    expect(html).toContain('speaker Actor_01 &lt;b&gt;')
    expect(html).toContain('82.0 %')
    expect(html).toMatch(
      /aria-label="Share of right answers by confidence; expected calibration error 12.3 %; 44 %: 33 %"/,
    )
  })

  it('gives every identifier once', () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the confusion matrix', () => {
  it('writes every count into the picture', () => {
    const svg = drawConfusion(run.evaluation!, 'counts')
    expect(svg.match(/>90</g)).toHaveLength(7)
    expect(svg.match(/>7</g)).toHaveLength(1)
  })

  it('normalises each row and leaves an empty row at zero', () => {
    expect(
      normaliseRows([
        [1, 3],
        [0, 0],
      ]),
    ).toEqual([
      [0.25, 0.75],
      [0, 0],
    ])
  })

  it('lists the most frequent mistakes first', () => {
    expect(commonMistakes(run.evaluation!, 1)).toEqual([{ truth: 'happy', predicted: 'surprise', count: 7 }])
  })

  it.each([48, 60, 80, 200])('fits %i columns of a terminal', (width) => {
    const lines = confusionTable(run.evaluation!, { width })
    expect(lines).toHaveLength(8)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  })
})

describe('curves in a terminal', () => {
  it('draw a rising line from an eighth to full blocks', () => {
    expect(blockChart([0, 0.5, 1], { width: 10, height: 1, min: 0, max: 1 })).toEqual(['▁▄█'])
    expect(blockChart([0, 1], { width: 10, height: 2, min: 0, max: 1 })).toEqual([' █', '▁█'])
  })

  it('average many values into few columns', () => {
    expect(blockChart([0, 0, 1, 1], { width: 2, height: 1, min: 0, max: 1 })).toEqual(['▁█'])
  })

  it('respect the width and say first and last value', () => {
    const epochs = Array.from({ length: 300 }, (_, index) => ({
      ...run.epochs[0],
      epoch: index + 1,
      testAccuracy: index / 299,
    }))
    const lines = textCurves(epochs, { width: 72 })
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(72)
    expect(lines.join('\n')).toContain('0.0 % -> 100.0 %')
  })
})

it('says durations as a person does', () => {
  expect([0.42, 12.4, 185].map((seconds) => duration(seconds))).toEqual(['0.4 s', '12 s', '3 min 05 s'])
})

describe('a comparison of runs', () => {
  const other: Run = {
    ...run,
    id: 'b',
    spec: { ...run.spec, seed: 43 },
    evaluation: { ...run.evaluation!, accuracy: 0.967 },
  }
  const unfinished: Run = { ...run, id: 'c', evaluation: null, epochs: [] }
  const groups = [
    { name: 'scenario <1>', runs: [run, other, unfinished], reference: '95 %' },
    { name: 'scenario 2', runs: [run] },
  ]
  const html = renderComparison(groups, {
    title: "The paper's table",
    referenceName: 'paper',
    command: 'npx ser reproduce',
  })

  it('averages the runs that were evaluated, and gives their range', () => {
    expect(summariseRuns([run, other, unfinished])?.accuracy).toMatchObject({
      count: 2,
      mean: (0.987 + 0.967) / 2,
      least: 0.967,
      most: 0.987,
    })
    expect(summariseRuns([unfinished])).toBeUndefined()
    expect(html).toContain('97.7 % ± 12.7 (96.7 to 98.7 %)')
    expect(html).toContain('95 %')
  })

  it('is one page without requests, on which no two pictures share an identifier', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)/i)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    expect(html.match(/<svg /g)).toHaveLength(6)
    expect(html).toContain('scenario &lt;1&gt;, seed 42')
  })
})

const of = (changes: Partial<Run['spec']>): Run => ({ ...run, spec: { ...run.spec, ...changes } })
const defaultSet = { sampleRate: 22_050, nFft: 2048, window: 'hann', nMels: 128, nMfcc: 40 } as const
const speakerFold = (number: number) => ({ by: 'speaker-fold', folds: 2, fold: number }) as const

describe('runs of several specs', () => {
  it('are grouped by what they differ in besides seed, fold and model, and named by it', () => {
    const groups = groupRuns([
      of({ seed: 1, layout: 'steps' }),
      of({ seed: 2, layout: 'steps', model: 'other' }),
      of({ seed: 1, split: speakerFold(1) }),
      of({ seed: 1, split: speakerFold(2) }),
    ])
    expect(groups.map(({ name, runs }) => [name, runs.length])).toEqual([
      ['steps, at random, 25 % on the test side', 2],
      ['one-step, unseen speakers: each of 2 folds in turn', 2],
    ])
    const [mean, frames] = groupRuns([
      of({}),
      of({ layout: 'frames', featureSet: { ...defaultSet, hopLength: 256, pooling: 'frames' } }),
    ])
    expect([mean.name, frames.name]).toEqual([
      'mean over time, hopLength 512, one-step',
      'every frame, hopLength 256, frames',
    ])
    expect(groupRuns([of({})])[0].name).toBe('mel + mfcc + zcr + rms, one-step, at random, 25 % on the test side')
  })

  it('count the folds of a seed as one test side', () => {
    const folds = [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0, 6],
        [0, 0],
      ],
    ].map((counts, index) => ({
      ...of({ split: { by: 'clip-fold', folds: 2, fold: index + 1 } }),
      evaluation: { ...run.evaluation!, confusion: counts, accuracy: 1 - index },
    }))
    // Two of eight recordings are right; the mean of the folds' accuracies would be one half.
    expect(summariseRuns(folds)?.accuracy).toMatchObject({ mean: 0.25, count: 1 })
  })

  it('are compared two by two on the page, with interval and p value', () => {
    const difference = { value: 0.013, low: -0.002, high: 0.027 }
    const pair = {
      first: 0,
      second: 1,
      seed: 1,
      clips: 700,
      onlyFirst: 3,
      onlySecond: 12,
      pValue: 0.035,
      difference: { accuracy: difference, uar: difference, macroF1: difference },
    }
    const groups = groupRuns([of({ layout: 'steps' }), of({})])
    const html = renderComparison(groups, { title: 'x', pairs: [pair] })
    expect(html).toContain('one-step against steps')
    expect(html).toContain('+1.3 (-0.2 to 2.7)')
    expect(html).toContain('12 / 3')
    expect(html).toContain('0.035')
  })

  it('draw the validation side where there is one', () => {
    const [epoch] = run.epochs
    const validated = { ...epoch, validation: { loss: 0.5, accuracy: 0.8, uar: 0.8 } }
    expect(drawLossCurves([epoch])).not.toContain('var(--validation)')
    expect(drawLossCurves([epoch, { ...validated, epoch: 2 }])).toContain('var(--validation)')
  })

  it('tell in their reports what they ask for, how often they were begun, and their memory', () => {
    const asked = {
      ...of({
        normalisation: 'standard',
        earlyStopping: { monitor: 'loss', patience: 5, minDelta: 0, restoreBest: true },
      }),
      attempts: 3,
      resumedFromEpoch: 12,
      restartReason: null,
      peakMemoryBytes: 400 * 2 ** 20,
    }
    const html = renderRunReport(asked)
    expect(html).toContain('monitor loss, patience 5, min delta 0, restore best true')
    expect(html).toContain('3; the last one went on after epoch 12')
    expect(html).toContain('400 MiB')
    const again = renderRunReport({ ...asked, resumedFromEpoch: null, restartReason: 'the datasets have changed' })
    expect(again).toContain('began at the first epoch: the datasets have changed')
  })
})
