import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// `integration` and `e2e` need the services of `npm run up`; the others need nothing. `golden` compares with librosa's
// results where they are at hand, `repository` is about the repository as a whole, and `browser` about the libraries as
// packages: nx must not cache those three.
const conditions = ['ser-source', 'node']

const project = (name: string, include: string[], seconds: number) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { name, include, testTimeout: seconds * 1000, hookTimeout: seconds * 1000 },
})

const withApps = ({ test, ...rest }: ReturnType<typeof project>) => ({
  ...rest,
  test: { ...test, globalSetup: ['support/build-apps.ts'] },
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
      project('unit', ['support/**/*.test.ts', 'bench/**/*.test.ts'], 20),
      project('repository', ['repository/**/*.test.ts'], 180),
      project('golden', ['golden/**/*.test.ts'], 300),
      project('browser', ['browser/**/*.test.ts'], 300),
      withApps(project('integration', ['integration/**/*.test.ts'], 120)),
      withApps(project('e2e', ['e2e/**/*.test.ts'], 900)),
    ],
  },
})
