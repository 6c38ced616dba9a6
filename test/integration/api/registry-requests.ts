import { problemSchema, registryChangeSchema, type RegistryChange } from '@ser/contracts'
import { resolveModelVersion } from '@ser/database'
import { expect } from 'vitest'
import { z } from 'zod'
import { seedVersion, testSide } from './seed-versions.ts'
import { posting, type StartedApi } from './start-api.ts'

export const historySchema = z.object({ items: z.array(registryChangeSchema), nextCursor: z.string().nullable() })

/** What the tests ask a registry. */
export function useRegistry(started: () => StartedApi) {
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await started().call(path)
    expect(response.status, path).toBe(200)
    return schema.parse(await response.json())
  }
  return {
    get,
    promote: async (model: string, body: object, headers: Record<string, string> = {}): Promise<RegistryChange> => {
      const request = { ...posting(body), headers: { 'content-type': 'application/json', ...headers } }
      const response = await started().call(`/v1/models/${model}/promotions`, request)
      const answer: unknown = await response.json()
      expect(response.status, JSON.stringify(answer)).toBe(201)
      return registryChangeSchema.parse(answer)
    },
    refused: async (path: string, init: RequestInit) => {
      const response = await started().call(path, init)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
      const problem = problemSchema.parse(await response.json())
      expect(response.status).toBe(problem.status)
      return problem
    },
    rollBack: (model: string, body: object = {}) => started().call(`/v1/models/${model}/rollbacks`, posting(body)),
    /** The version that answers for a model. */
    answering: async (model: string) => {
      const { modelVersion, chosenBy, alias } = await resolveModelVersion(started().db, { model })
      return { version: modelVersion.version, chosenBy, alias }
    },
    /** A model whose versions were tested on the same clips: the second has half of the first's mistakes, the third many more. */
    seedModel: async (model: string): Promise<void> => {
      for (const wrongEvery of [10, 20, 3]) {
        await seedVersion(started(), { model, clips: testSide('common', 420, wrongEvery) })
      }
    },
  }
}
