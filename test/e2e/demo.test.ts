import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { predictionSchema, runSchema } from '@ser/contracts'
import { createDatabase, listRunEpochs } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  createTestBucket,
  createTestDatabase,
  deleteQueueKeys,
  repositoryRoot,
  testQueuePrefix,
  testServices,
} from '../support/index.ts'

const execute = promisify(execFile)
const WORDS = 12

const outcomeSchema = z.object({
  synthetic: z.boolean(),
  run: runSchema,
  report: z.string(),
  prediction: predictionSchema,
  stages: z.array(z.object({ name: z.string(), seconds: z.number() })),
})

// The command of the README, after its set-up, on recordings that the project synthesises itself.
describe('the demo, from recordings to a model that answers', () => {
  let folder: string
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let bucket: Awaited<ReturnType<typeof createTestBucket>>
  const prefix = testQueuePrefix()

  beforeAll(async () => {
    ;[folder, database, bucket] = await Promise.all([
      mkdtemp(join(tmpdir(), 'ser-demo-')),
      createTestDatabase({ migrated: false }),
      createTestBucket(),
    ])
  })
  afterAll(async () => {
    await Promise.all([database?.drop(), bucket?.drop(), deleteQueueKeys(prefix), rm(folder, { recursive: true })])
  })

  const runDemo = async (node: string) => {
    const { redisUrl, s3 } = await testServices()
    const { stdout } = await execute(
      node,
      [
        'apps/cli/dist/main.js',
        'demo',
        '--synthetic',
        '--words',
        String(WORDS),
        '--epochs',
        '30',
        '--json',
        '--out',
        folder,
      ],
      {
        cwd: repositoryRoot,
        maxBuffer: 64 * 2 ** 20,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          DATABASE_URL: database.url,
          REDIS_URL: redisUrl,
          S3_ENDPOINT: s3.endpoint,
          S3_ACCESS_KEY: s3.accessKey,
          S3_SECRET_KEY: s3.secretKey,
          S3_REGION: s3.region,
          S3_BUCKET: bucket.bucket,
          SER_QUEUE_PREFIX: prefix,
          SER_API_TOKEN: randomBytes(24).toString('hex'),
        },
      },
    )
    return outcomeSchema.parse(JSON.parse(stdout))
  }

  it('ends with a registered version, its report and a prediction', async () => {
    await expectModel(await runDemo(process.execPath), 1)
  })

  it('does the same on Node 24, with the same numbers', async () => {
    const { stdout } = await execute(process.execPath, ['infra/bootstrap/node24.mjs'], { cwd: repositoryRoot })
    const node = stdout.trim()
    const { stdout: nodeVersion } = await execute(node, ['--version'])
    expect(nodeVersion).toMatch(/^v24\./)

    const outcome = await runDemo(node)
    await expectModel(outcome, 2)
    const first = await lossesOfVersion1()
    expect(outcome.run.epochs.map(({ trainLoss, testLoss }) => [trainLoss, testLoss])).toEqual(first)
  })

  const lossesOfVersion1 = async () => {
    const db = createDatabase({ url: database.url, maxConnections: 1 })
    try {
      const { rows } = await db.query<{ id: string }>('select run_id as id from model_versions where version = 1')
      const epochs = await listRunEpochs(db, rows[0]?.id ?? '')
      return epochs.map(({ trainLoss, testLoss }) => [trainLoss, testLoss])
    } finally {
      await db.close()
    }
  }
})

async function expectModel({ run, report, prediction, synthetic }: z.output<typeof outcomeSchema>, version: number) {
  expect(synthetic).toBe(true)
  expect(run).toMatchObject({ status: 'completed', version: { model: 'synthetic', version } })
  expect(run.backend).toMatch(/^tensorflow/)
  expect(run.snapshot).toMatchObject({ train: WORDS * 14 * 0.75, test: WORDS * 14 * 0.25 })
  expect(run.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  expect(run.evaluation?.accuracy).toBeGreaterThan(2 / 7)
  expect(prediction).toMatchObject({ model: 'synthetic', version })
  const page = await readFile(report, 'utf8')
  expect(page).toContain('<svg')
  expect(page).toContain('synthetic')
  expect(page).not.toMatch(/<script|(src|href)="https?:/)
}
