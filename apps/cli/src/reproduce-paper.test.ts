import { EMOTIONS, runSpecHash, runSpecSchema, SCENARIOS, type Run, type RunSpecInput } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { EXIT } from './cli-error.ts'
import { planReproduction, type ReproduceOptions } from './plan-reproduction.ts'
import { reproducePaper } from './reproduce-paper.ts'

const finished = (seed: number, accuracy: number, changes: Partial<RunSpecInput> = {}, id = seed): Run => {
  const spec = runSpecSchema.parse({ datasets: ['tess'], features: SCENARIOS[1], seed, ...changes })
  return {
    id: `00000000-0000-4000-8000-00000000000${id}`,
    spec,
    specHash: runSpecHash(spec),
    status: 'completed',
    error: null,
    snapshot: { hash: 'cd'.repeat(32), train: 2100, test: 700 },
    backend: 'tensorflow',
    codeVersion: null,
    epochs: [],
    evaluation: {
      labels: [...EMOTIONS],
      confusion: EMOTIONS.map(() => EMOTIONS.map(() => 0)),
      accuracy,
      uar: accuracy,
      macroF1: accuracy,
      loss: 0.1,
      perClass: [],
    },
    version: { model: 'paper', version: seed },
    createdAt: '2026-11-23T15:00:00Z',
    startedAt: '2026-11-23T15:00:01Z',
    finishedAt: '2026-11-23T15:00:21Z',
  }
}

const refuse = () => Promise.reject(new Error('nothing may be trained here'))

/** An API in which these runs were completed; anything but reading them and adding them to an experiment is an error. */
function apiWith(runs: readonly Run[]): ApiClient {
  return {
    address: { url: 'http://127.0.0.1:1', token: '' },
    open: (path, request) =>
      request?.method === 'PUT' && path.startsWith('/v1/experiments/reproduction/runs/')
        ? Promise.resolve(new Response('{}'))
        : refuse(),
    text: refuse,
    post: refuse,
    get: async (path, schema, query) => {
      const run = runs.find(({ id }) => path === `/v1/runs/${id}`)
      const found = runs.filter(({ specHash }) => specHash === query?.['specHash'])
      const page = { items: found.map((item) => ({ ...item, epochsDone: item.epochs.length })), nextCursor: null }
      return z.parse(schema, run ?? page)
    },
  }
}

describe('ser reproduce', () => {
  const options = { dataset: 'tess', scenarios: [1], layouts: ['one-step'], seeds: [1, 2] }
  const reproduce = async (runs: readonly Run[], more: Partial<ReproduceOptions> = {}) => {
    const printed: string[] = []
    const terminal = {
      json: false,
      interactive: false,
      columns: 100,
      print: (text: string) => void printed.push(text),
      say: () => {},
    }
    const context = { terminal, client: apiWith(runs), signal: new AbortController().signal }
    return { exit: await reproducePaper(context, { ...options, ...more }), printed: printed.join('\n') }
  }

  it("does not train again what was completed, and prints the paper's figure beside the mean and the range", async () => {
    const { exit, printed } = await reproduce([finished(1, 0.95), finished(2, 0.97)])
    expect(exit).toBe(EXIT.ok)
    expect(printed).toContain('95 %')
    expect(printed).toContain('96.00 % ± 12.71 (95.00 to 97.00 %)')
  })

  it('trains what is missing', async () => {
    await expect(reproduce([finished(1, 0.95)])).rejects.toThrow('nothing may be trained here')
  })

  it('counts the speakers that are left out as one test side of their seed', async () => {
    const runs = [0.4, 0.6].map((accuracy, index) =>
      finished(1, accuracy, { split: { by: 'speaker-fold', folds: 2, fold: index + 1 } }, index + 3),
    )
    const { exit, printed } = await reproduce(runs, { seeds: [1], by: ['speaker'] })
    expect(exit).toBe(EXIT.ok)
    expect(printed).toContain('unseen speakers')
    expect(printed).not.toContain('95 %  ')
  })

  it('plans every split, layout, scenario and seed that is asked for', () => {
    const rows = planReproduction({
      dataset: 'tess',
      scenarios: [2, 4],
      layouts: ['one-step', 'steps'],
      seeds: [1, 2, 3],
      by: ['clip', 'word', 'speaker'],
      across: ['ravdess'],
    })
    expect(rows).toHaveLength(2 * 2 * 5)
    expect([...new Set(rows.map(({ split }) => split))]).toEqual([
      'random',
      'unseen words',
      'unseen speakers',
      'tess to ravdess',
      'ravdess to tess',
    ])
    expect(rows.map(({ specs }) => specs.length)).toEqual(
      rows.map(({ split }) => (split === 'unseen speakers' ? 6 : 3)),
    )
    const [plain, noisy] = rows
    expect(plain).toMatchObject({ paper: '96 %', specs: [{ datasets: ['tess'] }, {}, {}] })
    expect(noisy).toMatchObject({ paper: '14-16 %' })
    expect(noisy.specs[0]).toMatchObject({ datasets: ['tess', 'tess-paper-noise'], features: SCENARIOS[3] })
    const toTess = rows.find(({ split }) => split === 'ravdess to tess')
    expect(toTess?.paper).toBeUndefined()
    expect(toTess?.specs[0]).toMatchObject({
      datasets: ['ravdess', 'tess'],
      split: { by: 'dataset', test: ['tess'] },
    })
  })

  it('plans one direction between any datasets, and refuses half of one', () => {
    const none = { ...options, scenarios: [2], by: [] }
    const [row] = planReproduction({ ...none, train: ['tess', 'savee'], test: ['ravdess'] })
    expect(row.specs[0]).toMatchObject({
      datasets: ['tess', 'savee', 'ravdess'],
      split: { by: 'dataset', test: ['ravdess'] },
    })
    expect(() => planReproduction({ ...none, train: ['tess'] })).toThrow('--train and --test belong together')
    expect(() => planReproduction({ ...none, by: ['room'] })).toThrow('--by takes')
  })
})
