import { createHash, randomUUID } from 'node:crypto'
import { comparisonSchema, EMOTIONS, runSchema, runSpecSchema, type RunSpecInput } from '@ser/contracts'
import { completeRun, createRun, ensureFeatureSet, startRun, type RunPrediction } from '@ser/database'
import { evaluatePredictions } from '@ser/metrics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { posting, startApi, type StartedApi } from './start-api.ts'

const CLIPS = 40
const hash = 'ab'.repeat(32)

/** What a model says of some clips of forty: right where `isRight` says so. */
function predict(rows: readonly number[], isRight: (row: number) => boolean): RunPrediction[] {
  return rows.map((row) => {
    const label = row % EMOTIONS.length
    const predicted = isRight(row) ? label : (label + 1) % EMOTIONS.length
    return {
      sha256: createHash('sha256').update(`clip ${row}`).digest('hex'),
      label,
      predicted,
      probabilities: Float32Array.from(EMOTIONS, (_, index) => (index === predicted ? 0.7 : 0.05)),
      dataset: 'tess',
      speaker: row % 2 === 0 ? 'OAF' : '=YAF, "old"',
      condition: 'clean',
    }
  })
}

/** A line of a run's predictions: what is looked at here, and all else. */
const toldSchema = z.looseObject({ clip: z.string(), probabilities: z.record(z.string(), z.number()) })

const every = Array.from({ length: CLIPS }, (_, row) => row)

describe('runs that belong together', () => {
  let api: StartedApi
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api?.close())

  const complete = async (spec: RunSpecInput, predictions: RunPrediction[], experiment?: string): Promise<string> => {
    const id = randomUUID()
    const parsed = runSpecSchema.parse(spec)
    await createRun(api.db, { id, spec: parsed, experiment })
    const { attempt } = (await startRun(api.db, id, { codeVersion: 'abc' }))!
    const evaluation = evaluatePredictions({
      truth: predictions.map(({ label }) => label),
      probabilities: predictions.flatMap(({ probabilities }) => [...probabilities]),
      labels: [...EMOTIONS],
    })
    const featureSet = (await ensureFeatureSet(api.db, parsed.featureSet, '1')).rowId
    const artefact = { key: `models/${hash}`, sha256: hash, bytes: 7 }
    await completeRun(api.db, attempt, { model: 'm', evaluation, featureSet, artefact, predictions })
    return id
  }
  const json = async (path: string, init?: RequestInit): Promise<unknown> => (await api.call(path, init)).json()

  it('are listed by their experiment, to which runs can be added later, and by their spec', async () => {
    const created = await api.call('/v1/runs?experiment=first', posting({ datasets: ['tess'], seed: 5 }))
    expect(created.status).toBe(202)
    const run = runSchema.parse(await created.json())
    expect(run).toMatchObject({ experiments: ['first'], attempts: 0, resumedFromEpoch: null, peakMemoryBytes: null })
    const other = await complete(
      { datasets: ['tess'], seed: 6 },
      predict(every, () => true),
    )
    expect(await json('/v1/runs?experiment=first')).toMatchObject({ items: [{ id: run.id }] })
    for (let twice = 0; twice < 2; twice++) {
      const added = await api.call(`/v1/experiments/first/runs/${other}`, { method: 'PUT' })
      expect(await added.json()).toMatchObject({ id: other, experiments: ['first'] })
    }
    expect(await json('/v1/runs?experiment=first')).toMatchObject({ items: [{ id: other }, { id: run.id }] })
    expect(await json('/v1/runs?experiment=nothing')).toMatchObject({ items: [] })
    expect(await json(`/v1/runs?specHash=${run.specHash}`)).toMatchObject({ items: [{ id: run.id }] })
    expect(await json('/v1/experiments')).toMatchObject({ items: [{ name: 'first', runs: 2, completed: 1 }] })
    expect((await api.call(`/v1/experiments/first/runs/${randomUUID()}`, { method: 'PUT' })).status).toBe(404)
    expect((await api.call('/v1/experiments/nothing/comparison')).status).toBe(404)
  })

  it('tell their predictions as JSON lines and as CSV', async () => {
    const predictions = predict(every, (row) => row > 3)
    const id = await complete({ datasets: ['tess'], seed: 7 }, predictions)
    const lines = await api.call(`/v1/runs/${id}/predictions`)
    expect(lines.headers.get('content-type')).toBe('application/jsonl')
    const told = (await lines.text())
      .trimEnd()
      .split('\n')
      .map((line) => toldSchema.parse(JSON.parse(line)))
    expect(told.map(({ clip }) => clip)).toEqual(predictions.map(({ sha256 }) => sha256).toSorted())
    const first = predictions.find(({ sha256 }) => sha256 === told[0].clip)!
    expect(told[0]).toMatchObject({
      speaker: first.speaker,
      condition: 'clean',
      label: EMOTIONS[first.label],
      predicted: EMOTIONS[first.predicted],
    })
    expect(Object.values(told[0].probabilities).map(Math.fround)).toEqual([...first.probabilities])

    const csv = await api.call(`/v1/runs/${id}/predictions?format=csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [head, ...rows] = (await csv.text()).trimEnd().split('\n')
    expect(head).toBe(`clip,dataset,speaker,condition,label,predicted,${EMOTIONS.join(',')}`)
    expect(rows).toHaveLength(CLIPS)
    // A field that a spreadsheet would compute is made harmless, and quoted.
    expect(rows.some((row) => row.includes(`,"'=YAF, ""old""",`))).toBe(true)

    const unfinished = randomUUID()
    await createRun(api.db, { id: unfinished, spec: runSpecSchema.parse({ datasets: ['tess'] }) })
    expect((await api.call(`/v1/runs/${unfinished}/predictions`)).status).toBe(409)
  })

  it('are laid side by side: seeds averaged, folds pooled, groups compared on the clips that both tested', async () => {
    for (const fold of [1, 2]) {
      const half = every.filter((row) => row % 2 === fold - 1)
      // Wrong on four clips of the first fold.
      const predictions = predict(half, (row) => row > 6)
      await complete({ datasets: ['tess'], split: { by: 'clip-fold', folds: 2, fold } }, predictions, 'folded')
    }
    for (const seed of [1, 2]) {
      const predictions = predict(every, (row) => row % 2 === 0 && row > seed)
      await complete({ datasets: ['tess'], layout: 'steps', seed }, predictions, 'folded')
    }
    const comparison = comparisonSchema.parse(await json('/v1/experiments/folded/comparison'))
    const [folds, seeds] = comparison.groups
    expect(folds).toMatchObject({ completed: 2, figures: { accuracy: { mean: 33 / 40, count: 1 } } })
    expect(folds.pooled).toMatchObject({ accuracy: 33 / 40, intervals: [{ over: 'recordings', units: 40 }] })
    expect(seeds.pooled).toBeNull()
    expect(seeds.figures?.accuracy).toMatchObject({ count: 2, most: 19 / 40, least: 18 / 40 })
    expect(seeds.figures?.accuracy.interval).toBeDefined()
    expect(comparison.pairs).toMatchObject([{ first: 0, second: 1, seed: 1, clips: 40, onlyFirst: 17, onlySecond: 3 }])
    const [{ difference, pValue }] = comparison.pairs
    expect(difference.accuracy.value).toBeCloseTo(-14 / 40, 12)
    expect(difference.accuracy.low).toBeLessThan(-14 / 40)
    expect(pValue).toBeLessThan(0.01)

    const page = await api.call('/v1/experiments/folded/report')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toContain('Two by two')
    const ids = comparison.groups.flatMap(({ runs }) => runs)
    expect(await json(`/v1/comparisons?runs=${ids.join()}`)).toEqual(comparison)
    expect((await api.call(`/v1/comparisons/report?runs=${ids[0]}`)).status).toBe(200)
    expect((await api.call('/v1/comparisons?runs=everything')).status).toBe(400)
    expect((await api.call(`/v1/comparisons?runs=${randomUUID()}`)).status).toBe(404)
  })
})
