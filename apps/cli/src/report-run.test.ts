import { runSpecSchema, type Evaluation, type Run } from '@ser/contracts'
import { expect, it } from 'vitest'
import { renderRun } from './report-run.ts'

const evaluation: Evaluation = {
  labels: ['angry', 'sad'],
  confusion: [
    [3, 1],
    [0, 4],
  ],
  accuracy: 0.875,
  uar: 0.875,
  macroF1: 0.873,
  loss: 0.3,
  perClass: [],
}
const run: Run = {
  id: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
  spec: runSpecSchema.parse({ datasets: ['tess'] }),
  specHash: 'ab'.repeat(32),
  status: 'completed',
  error: null,
  snapshot: { hash: 'cd'.repeat(32), train: 24, test: 8 },
  backend: 'tensorflow',
  codeVersion: '0.1.0',
  epochs: [],
  evaluation,
  version: { model: 'paper', version: 3 },
  createdAt: '2026-11-23T15:00:00Z',
  startedAt: '2026-11-23T15:00:01Z',
  finishedAt: '2026-11-23T15:00:21Z',
}

it('says how a run ended, with intervals where there are some', () => {
  const plain = 'accuracy 87.50 %, UAR 87.50 % on 8 test recordings (24 for training)'
  expect(renderRun(run, 80).slice(-2)).toEqual([plain, 'model paper@3'])
  const interval = { low: 0.5, high: 0.96 }
  const intervals: Evaluation['intervals'] = [
    {
      over: 'recordings',
      units: 8,
      level: 0.95,
      resamples: 2000,
      accuracy: interval,
      uar: interval,
      macroF1: interval,
    },
  ]
  expect(renderRun({ ...run, evaluation: { ...evaluation, intervals } }, 80).at(-2)).toBe(
    'accuracy 87.50 % (95 %: 50.0 to 96.0 %), UAR 87.50 % (95 %: 50.0 to 96.0 %) on 8 test recordings (24 for training)',
  )
})
