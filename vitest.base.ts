import { join, relative } from 'node:path'
import { defineConfig } from 'vitest/config'

// Shared by every project: run from the project's folder, sources resolved without a build.
const project = relative(import.meta.dirname, process.cwd())

export default defineConfig({
  resolve: { conditions: ['ser-source', 'node'] },
  ssr: { resolve: { conditions: ['ser-source', 'node'], externalConditions: ['ser-source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: true,
    testTimeout: 20_000,
    reporters: ['default', 'json'],
    outputFile: { json: join(import.meta.dirname, `.ser/test-results/${project}.json`) },
  },
})
