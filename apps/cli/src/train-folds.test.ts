import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMOTIONS, runSpecHash, runSpecSchema, type Run, type RunSpec } from '@ser/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { EXIT } from './cli-error.ts'
import { trainModel } from './train-model.ts'

const evaluation = (accuracy: number) => ({
  labels: [...EMOTIONS],
  confusion: EMOTIONS.map(() => EMOTIONS.map(() => 0)),
  accuracy,
  uar: accuracy,
  macroF1: accuracy,
  loss: 0.1,
  perClass: [],
})

const finished = (spec: RunSpec, index: number): Run => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  spec,
  specHash: runSpecHash(spec),
  status: 'completed',
  error: null,
  snapshot: { hash: 'cd'.repeat(32), train: 30, test: 10 },
  backend: 'tensorflow',
  codeVersion: null,
  epochs: [],
  evaluation: evaluation(index / 10),
  version: { model: 'paper', version: index },
  createdAt: '2026-11-23T15:00:00Z',
  startedAt: '2026-11-23T15:00:01Z',
  finishedAt: '2026-11-23T15:00:21Z',
})

/** An API that completes each run at once. */
function openApi() {
  const runs: Run[] = []
  const experiments: (string | null)[] = []
  const client: ApiClient = {
    address: { url: 'http://127.0.0.1:1', token: '' },
    open: () => Promise.reject(new Error('nothing else is asked')),
    text: () => Promise.resolve('<!doctype html>'),
    post: async (path, schema, request) => {
      experiments.push(new URL(path, 'http://x').searchParams.get('experiment'))
      runs.push(finished(runSpecSchema.parse(request?.json), runs.length + 1))
      return z.parse(schema, runs.at(-1))
    },
    get: async (path, schema) => {
      if (path === '/v1/runs') return z.parse(schema, { items: [] })
      const group = { name: 'x', runs: runs.map(({ id }) => id), completed: runs.length, figures: null }
      const comparison = { groups: [{ ...group, pooled: evaluation(0.2) }], pairs: [] }
      return z.parse(schema, runs.find(({ id }) => path === `/v1/runs/${id}`) ?? comparison)
    },
  }
  return { client, runs, experiments }
}

describe('ser train --folds', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ser-folds-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const train = async (options: Partial<Parameters<typeof trainModel>[1]>) => {
    const { client, ...api } = openApi()
    const printed: string[] = []
    const print = (text: string) => void printed.push(text)
    const terminal = { json: false, interactive: false, columns: 100, print, say: () => {} }
    const context = { terminal, client, signal: new AbortController().signal }
    const exit = await trainModel(context, { dataset: ['tess'], out: join(folder, 'folds.html'), ...options })
    return { exit, ...api, printed: printed.join('\n') }
  }

  it('trains one run a fold as one experiment, prints each and all together, and writes the page', async () => {
    const { exit, runs, experiments, printed } = await train({ folds: 3, foldBy: 'word', seed: 4 })
    expect(exit).toBe(EXIT.ok)
    expect(runs.map(({ spec }) => spec.split)).toEqual([1, 2, 3].map((fold) => ({ by: 'word-fold', folds: 3, fold })))
    expect(new Set(experiments).size).toBe(1)
    expect(experiments[0]).toMatch(/^paper-folds-[0-9a-f]{8}$/)
    expect(printed).toMatch(/fold 3\s+10\s+30\.00 %/)
    expect(printed).toMatch(/all folds\s+30\s+20\.00 %/)
    expect(await readFile(join(folder, 'folds.html'), 'utf8')).toBe('<!doctype html>')
  })

  it('refuses a split beside the folds, and a single fold', async () => {
    await expect(train({ folds: 3, split: 'word' })).rejects.toThrow('--folds says the split already')
    await expect(train({ folds: 1 })).rejects.toThrow('from 2 on')
  })

  it('hands the options of the training on', async () => {
    const { runs } = await train({
      folds: 2,
      normalise: true,
      classWeights: true,
      validation: 0.1,
      earlyStopping: 3,
      with: '{"schedule":{"kind":"cosine"}}',
    })
    expect(runs[0].spec).toMatchObject({
      split: { by: 'clip-fold' },
      normalisation: 'standard',
      classWeights: 'balanced',
      validation: { fraction: 0.1 },
      earlyStopping: { patience: 3 },
      schedule: { kind: 'cosine' },
    })
    await expect(train({ folds: 2, with: 'cosine' })).rejects.toThrow('--with is an object in JSON')
  })
})
