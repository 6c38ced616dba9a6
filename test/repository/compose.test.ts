import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { findComposeLoader, interpolate, type ComposeLoader, type ComposeModel } from '../support/load-compose.ts'
import { repositoryRoot } from '../support/services.ts'

const file = join(repositoryRoot, 'docker-compose.yml')
const secrets = {
  POSTGRES_PASSWORD: 'postgres-password',
  REDIS_PASSWORD: 'redis-password',
  S3_ACCESS_KEY: 'access-key',
  S3_SECRET_KEY: 'secret-key',
  SER_API_TOKEN: 'token-of-the-api',
}
const apps = ['ingest', 'feature-worker', 'augmentation-worker', 'trainer', 'admin-api']
const servers = ['postgres', 'redis', 'minio']

const load = await findComposeLoader()
const loadFile: ComposeLoader = (...args) => load!(...args)

describe.skipIf(load === undefined)('docker-compose.yml (needs docker compose, or Go)', () => {
  let model: ComposeModel
  beforeAll(async () => {
    model = await loadFile(file, secrets)
  })

  test('is what compose accepts, with every part of the system', () => {
    expect(Object.keys(model.services).sort()).toEqual([...apps, ...servers, 'migrate'].sort())
  })

  test('is read by something that refuses a wrong file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ser-compose-'))
    const wrong = join(folder, 'docker-compose.yml')
    writeFileSync(wrong, readFileSync(file, 'utf8').replace('healthcheck:', 'healthchek:'))
    await expect(loadFile(wrong, secrets)).rejects.toThrow(/healthchek/)
    rmSync(folder, { recursive: true })
  })

  test.each(Object.keys(secrets))('does without no secret: %s is required', async (name) => {
    await expect(loadFile(file, { ...secrets, [name]: '' })).rejects.toThrow(name)
  })

  test('can be scaled: no service has a fixed name, and only the API has a port of the host', () => {
    for (const [name, service] of Object.entries(model.services)) {
      expect(service.container_name, name).toBeUndefined()
      expect(service.ports?.length ?? 0, name).toBe(name === 'admin-api' ? 1 : 0)
    }
  })

  test('watches the health of all that stays up', () => {
    for (const name of [...apps, ...servers]) {
      expect(model.services[name]?.healthcheck?.test?.length, name).toBeGreaterThan(1)
    }
  })

  test('starts an app when the schema is there and its servers answer', () => {
    const conditions = Object.fromEntries(
      Object.entries(model.services).map(([name, { depends_on = {} }]) => [
        name,
        Object.fromEntries(Object.entries(depends_on).map(([other, { condition }]) => [other, condition])),
      ]),
    )
    expect(conditions['migrate']).toEqual({ postgres: 'service_healthy' })
    for (const name of apps) {
      expect(conditions[name]).toEqual({
        migrate: 'service_completed_successfully',
        redis: 'service_healthy',
        minio: 'service_healthy',
      })
    }
  })

  test('pins the images of others, and builds its own from one Dockerfile', () => {
    for (const name of servers) expect(model.services[name]?.image, name).toMatch(/:(\d+\.\d+|RELEASE\.\d{4})/)
    for (const name of [...apps, 'migrate']) {
      expect(model.services[name]?.build?.dockerfile, name).toBe('infra/Dockerfile')
    }
  })

  test('keeps jobs: the append-only file is on, and nothing is evicted', () => {
    const command = model.services['redis']?.command?.join(' ')
    expect(command).toContain('--appendonly yes')
    expect(command).toContain('--maxmemory-policy noeviction')
  })

  test('keeps the data of each server on a volume', () => {
    for (const name of servers) expect(model.services[name]?.volumes?.[0]?.source, name).toMatch(/-data$/)
  })
})

test('replaces variables as compose does', () => {
  const text = '${A} ${B:-b} ${A:-x} $$C ${D:-}'
  expect(interpolate(text, { A: 'a' })).toBe('a b a $$C ')
  expect(() => interpolate('${A:?say A}', {})).toThrow('required variable A is missing a value: say A')
})
