import { stressEvaluationSchema, type StressResult } from '@ser/contracts'
import { expect, test } from 'vitest'
import { renderStressCurves, renderStressReport } from './render-stress.ts'
import { stressMarkdown, stressTable } from './text-stress.ts'

function result(condition: StressResult['condition'], accuracy: number): StressResult {
  const around = { low: accuracy - 0.02, high: accuracy + 0.02 }
  const intervals = { accuracy: around, uar: around }
  return { condition, recordings: 700, accuracy, uar: accuracy - 0.01, intervals, confusion: [] }
}

const results = [
  result({ kind: 'clean' }, 0.99),
  result({ kind: 'noise', noise: 'pink', snrDb: 10 }, 0.7),
  result({ kind: 'noise', noise: 'pink', snrDb: 0 }, 0.4),
  result({ kind: 'noise', noise: 'babble', snrDb: 10 }, 0.6),
  result({ kind: 'noise', noise: 'babble', snrDb: 0 }, 0.31),
  result({ kind: 'room', rt60Seconds: 0.4 }, 0.8),
  result({ kind: 'telephone' }, 0.5),
  result({ kind: 'clipping', percent: 10 }, 0.9),
]

const evaluation = stressEvaluationSchema.parse({
  id: '00000000-0000-4000-8000-000000000001',
  model: 'paper',
  version: 3,
  request: {},
  status: 'completed',
  progress: { recordings: 700, done: 700, conditions: results.length },
  resources: { noise: 0, voices: 0 },
  labels: [],
  results,
  error: null,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:01:10Z',
})

test('the table has a line for each condition, with its intervals', () => {
  const lines = stressTable(evaluation)
  expect(lines).toHaveLength(9)
  expect(lines[2]).toMatch(/^pink noise, 10 dB +70\.0 +68\.0 to 72\.0 +69\.0 +68\.0 to 72\.0$/)
  expect(stressMarkdown(evaluation).split('\n')[8]).toBe('| telephone | 50.0 | 48.0 to 52.0 | 49.0 | 48.0 to 52.0 |')
})

test('the page draws a curve for each kind of noise, and needs no script and nothing from elsewhere', () => {
  const page = renderStressReport(evaluation)
  expect(page).toContain('paper@3 under stress')
  expect(page).toContain('700 test recordings under 8 conditions in 1 min 10 s')
  expect(page).toContain('Accuracy over the SNR in pink, babble noise; the lowest is 31.0 % in babble noise at 0 dB')
  expect(page).toContain('RT60 0.4 s')
  expect(page).not.toMatch(/<script|src=|href=/)
  expect(renderStressReport(evaluation)).toBe(page)
})

test('says how far an evaluation is, why it failed, and draws nothing of no results', () => {
  const running = {
    ...evaluation,
    status: 'running' as const,
    results: [],
    progress: { recordings: 700, done: 32, conditions: 8 },
  }
  expect(renderStressReport(running)).toContain('32 of 700 recordings are done')
  const failed = { ...running, status: 'failed' as const, error: { code: 'X', message: 'no <model>' } }
  expect(renderStressReport(failed)).toContain('It failed: no &lt;model&gt;')
  expect(renderStressCurves(running).trim()).toBe('')
})
