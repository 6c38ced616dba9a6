import { EMOTIONS, runSpecHash, runSpecSchema, SCENARIOS, type Run } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { EXIT } from './cli-error.ts'
import { reproducePaper } from './reproduce-paper.ts'

const finished = (seed: number, accuracy: number): Run => {
  const spec = runSpecSchema.parse({ datasets: ['tess'], features: SCENARIOS[1], seed })
  return {
    id: `00000000-0000-4000-8000-00000000000${seed}`,
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

/** An API in which these runs were completed; anything but reading them is an error. */
function apiWith(runs: readonly Run[]): ApiClient {
  return {
    address: { url: 'http://127.0.0.1:1', token: '' },
    open: refuse,
    text: refuse,
    post: refuse,
    get: async (path, schema) => {
      const run = runs.find(({ id }) => path === `/v1/runs/${id}`)
      const page = { items: runs.map((item) => ({ ...item, epochsDone: item.epochs.length })), nextCursor: null }
      return z.parse(schema, run ?? page)
    },
  }
}

describe('ser reproduce', () => {
  const options = { dataset: 'tess', scenarios: [1], layouts: ['one-step'], seeds: [1, 2] }
  const reproduce = async (runs: readonly Run[]) => {
    const printed: string[] = []
    const terminal = {
      json: false,
      interactive: false,
      columns: 100,
      print: (text: string) => void printed.push(text),
      say: () => {},
    }
    const context = { terminal, client: apiWith(runs), signal: new AbortController().signal }
    return { exit: await reproducePaper(context, options), printed: printed.join('\n') }
  }

  it("does not train again what was completed, and prints the paper's figure beside the mean and the range", async () => {
    const { exit, printed } = await reproduce([finished(1, 0.95), finished(2, 0.97)])
    expect(exit).toBe(EXIT.ok)
    expect(printed).toContain('95 %')
    expect(printed).toContain('96.00 % (95.00 % to 97.00 %)')
  })

  it('trains what is missing', async () => {
    await expect(reproduce([finished(1, 0.95)])).rejects.toThrow('nothing may be trained here')
  })
})
