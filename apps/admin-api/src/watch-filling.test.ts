import type { Queryable } from '@ser/database'
import { expect, it } from 'vitest'
import { watchFilling } from './watch-filling.ts'

/** A database in which every dataset has two clips, and so many vectors of them as the next number says. */
function databaseOf(vectors: number[]): Queryable {
  const answer = (text: string): object =>
    text.startsWith('select (') ? { dataset: 1, featureSet: 1 } : { clips: 2, vectors: vectors.shift(), failed: 0 }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of it as is used
  return { query: async (text: string) => ({ rows: [answer(text)] }) } as unknown as Queryable
}

async function watch(statuses: string[], vectors: number[]): Promise<string[]> {
  const stream = watchFilling(
    { db: databaseOf(vectors), id: '7', featureSet: 'f', signal: new AbortController().signal },
    {
      name: 'copying',
      read: async (_, id) => ({ id, status: statuses.shift()! }),
      datasetOf: () => 'copies',
      stateOf: ({ status }) => status,
    },
  )
  const events: string[] = []
  for await (const text of stream) if (text.includes('event: ')) events.push(text)
  return events
}

const features = (vectors: number) => `{"featureSetId":"f","clips":2,"vectors":${vectors},"failed":0}`

it('tells of the work and of the features when they change, and of both when both are done', async () => {
  expect(await watch(['running', 'completed', 'completed'], [0, 0, 2])).toEqual([
    'id: copying-running\nevent: copying\ndata: {"id":"7","status":"running"}\n\n',
    `id: f0-0-2\nevent: features\ndata: ${features(0)}\n\n`,
    'id: copying-completed\nevent: copying\ndata: {"id":"7","status":"completed"}\n\n',
    `id: f2-0-2\nevent: features\ndata: ${features(2)}\n\n`,
    `id: end\nevent: end\ndata: {"copying":{"id":"7","status":"completed"},"features":${features(2)}}\n\n`,
  ])
})

it('ends with work that has failed, whatever features are owed', async () => {
  expect((await watch(['failed'], [0])).at(-1)).toContain('event: end')
})
