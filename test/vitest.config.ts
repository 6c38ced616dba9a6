import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// `unit` and `repository` (about the repository as a whole) need nothing; `integration` and `e2e` need `npm run up`.
const conditions = ['ser-source', 'node']

const project = (name: string, include: string[], seconds: number) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { name, include, testTimeout: seconds * 1000, hookTimeout: seconds * 1000 },
})

const kind = process.env['SER_TEST_KIND'] ?? 'unit'

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Each file works on servers, and starts processes, that all share two cores with the others.
    maxWorkers: 2,
    reporters: ['default', 'json'],
    outputFile: { json: join(import.meta.dirname, `../.ser/test-results/${kind}.json`) },
    projects: [
      project(
        'unit',
        ['support/**/*.test.ts', 'boundaries/**/*.test.ts', 'golden/**/*.test.ts', 'bench/**/*.test.ts'],
        60,
      ),
      project('integration', ['integration/**/*.test.ts'], 120),
      project('e2e', ['e2e/**/*.test.ts'], 900),
    ],
  },
})
