import { ingestRequestSchema, type Ingestion } from '@ser/contracts'
import { expect, it } from 'vitest'
import { EXIT } from './cli-error.ts'
import { reportIngestion } from './report-ingestion.ts'

function report(counts: Pick<Ingestion['counts'], 'stored' | 'unchanged' | 'rejected'>): [exit: number, text: string] {
  const found = counts.stored + counts.unchanged + counts.rejected
  const clips = counts.stored + counts.unchanged
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const terminal = { json: false, interactive: false, columns: 80, print: say, say }
  const ingestion: Ingestion = {
    id: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
    request: ingestRequestSchema.parse({ dataset: 'mine', source: { kind: 'folder', path: '/corpus' } }),
    status: 'completed',
    counts: { found, total: found, ...counts },
    error: null,
    createdAt: '2026-11-23T15:00:00Z',
    startedAt: '2026-11-23T15:00:01Z',
    finishedAt: '2026-11-23T15:00:21Z',
  }
  const features = { featureSetId: 'ab'.repeat(32), clips, vectors: clips, failed: 0 }
  return [reportIngestion(terminal, { ingestion, features }), lines.join('\n')]
}

it('fails where none of the files was taken in, as by a wrong layout, and says where the reasons are', () => {
  expect(report({ stored: 0, unchanged: 0, rejected: 480 })).toEqual([
    EXIT.failed,
    expect.stringContaining(
      '480 rejected\nmine: 0 feature vectors of 0 clips\nsee why: npx ser rejected --dataset mine',
    ),
  ])
})

it('takes some rejected files, files that were there already and an empty folder for no failure', () => {
  expect(report({ stored: 2, unchanged: 0, rejected: 1 })[0]).toBe(EXIT.ok)
  expect(report({ stored: 0, unchanged: 3, rejected: 0 })[0]).toBe(EXIT.ok)
  expect(report({ stored: 0, unchanged: 0, rejected: 0 })[0]).toBe(EXIT.ok)
})
