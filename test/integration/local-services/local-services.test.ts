import { readFileSync, rmSync, statSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client as S3Client } from 'minio'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readServicesState, writeServicesState } from '../../../infra/local/services-state.mjs'
import { SetupError } from '../../../infra/local/setup-error.mjs'
import { startServices } from '../../../infra/local/start-services.mjs'
import { stopServices } from '../../../infra/local/stop-services.mjs'
import { isRunning, startProcess, stopProcess } from '../../../infra/local/supervise-process.mjs'
import { hasPinnedPrograms } from '../../../infra/local/wheels.mjs'
import { workspacePaths } from '../../../infra/local/workspace-paths.mjs'
import { testServices } from '../../support/index.ts'

// An instance of its own, in a folder that only its owner may enter: as a clone in a home folder is.
const folder = mkdtempSync(join(tmpdir(), 'ser-services-'))
const paths = workspacePaths({ state: join(folder, 'state') })
const silent = () => {}
const env: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
}
const up = (extra: NodeJS.ProcessEnv = {}) =>
  startServices({ paths, env: { ...env, ...extra }, say: silent, ways: ['pinned'] })

const pids = () => {
  const { services } = readServicesState(paths)
  return Object.fromEntries(Object.entries(services).map(([name, record]) => [name, record.process?.pid]))
}

const storage = (addresses: Record<string, string>) =>
  new S3Client({
    endPoint: '127.0.0.1',
    port: Number(new URL(addresses['S3_ENDPOINT'] ?? '').port),
    useSSL: false,
    accessKey: addresses['S3_ACCESS_KEY'] ?? '',
    secretKey: addresses['S3_SECRET_KEY'] ?? '',
  })

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

describe.skipIf(!hasPinnedPrograms())('services of pinned programs (Linux on x64)', () => {
  let addresses: Record<string, string> = {}
  beforeAll(async () => {
    ;({ addresses } = await up())
  })
  afterAll(async () => {
    await stopServices({ paths, say: silent })
    // Of Postgres they may lie elsewhere, when root has started it.
    const { data = folder } = readServicesState(paths).services['postgres'] ?? {}
    rmSync(data, { recursive: true })
    rmSync(folder, { recursive: true, force: true })
  })

  test('take and give back data', async () => {
    const { REDIS_URL = '', DATABASE_URL = '', S3_BUCKET = '' } = addresses
    await withRedis(REDIS_URL, (redis) => redis.set('key', 'value'))
    await query(DATABASE_URL, 'create table kept (value text)')
    await query(DATABASE_URL, "insert into kept values ('value')")
    const client = storage(addresses)
    await client.makeBucket(S3_BUCKET)
    await client.putObject(S3_BUCKET, 'kept', Buffer.from('value'))
    expect((await client.statObject(S3_BUCKET, 'kept')).size).toBe(5)
  })

  test('keep jobs: the append-only file is on, and nothing is evicted', async () => {
    const settings = await withRedis(addresses['REDIS_URL'] ?? '', (redis) =>
      redis.config('GET', 'appendonly', 'maxmemory-policy'),
    )
    expect(settings).toEqual(expect.arrayContaining(['appendonly', 'yes', 'maxmemory-policy', 'noeviction']))
  })

  test('ask for passwords and keys', async () => {
    const open = new URL(addresses['REDIS_URL'] ?? '')
    open.password = 'wrong'
    await expect(up({ REDIS_URL: open.href })).rejects.toThrow(/Redis does not answer at REDIS_URL.*WRONGPASS/)
    const wrong = { S3_ENDPOINT: addresses['S3_ENDPOINT'], S3_ACCESS_KEY: 'wrong', S3_SECRET_KEY: 'wrong' }
    await expect(up(wrong)).rejects.toThrow(/S3 does not answer at S3_ENDPOINT/)
    const database = new URL(addresses['DATABASE_URL'] ?? '')
    database.password = 'wrong'
    await expect(query(database.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('write their addresses where only the owner reads them', () => {
    for (const file of [paths.servicesFile, join(paths.state, 'services-state.json')]) {
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }
    expect(JSON.parse(readFileSync(paths.servicesFile, 'utf8'))).toEqual(addresses)
    expect(Object.keys(addresses)).toEqual(expect.arrayContaining(['SER_API_URL', 'SER_API_TOKEN', 'S3_REGION']))
  })

  test('are not started twice', async () => {
    const before = pids()
    const [first, second] = await Promise.all([up(), up()])
    expect(first.started).toEqual([])
    expect(second.started).toEqual([])
    expect(pids()).toEqual(before)
    expect(readdirSync(paths.state)).not.toContain('services.lock')
  })

  test('are started again where one died, at the same address and with its data', async () => {
    const before = pids()
    const { redis } = readServicesState(paths).services
    // What is in the append-only file within a second is kept.
    await withRedis(addresses['REDIS_URL'] ?? '', (client) => client.call('WAITAOF', '1', '0', '5000'))
    await stopProcess(redis.process!, { signal: 'SIGKILL' })
    const again = await up()
    expect(again.started).toEqual(['redis'])
    expect(again.addresses).toEqual(addresses)
    expect({ ...pids(), redis: 0 }).toEqual({ ...before, redis: 0 })
    expect(await withRedis(addresses['REDIS_URL'] ?? '', (client) => client.get('key'))).toBe('value')
  })

  test('leave alone what the environment gives', async () => {
    const { redisUrl } = await testServices()
    const given = await up({ REDIS_URL: redisUrl })
    expect(given.addresses['REDIS_URL']).toBe(redisUrl)
    expect(given.state.services['redis']).toMatchObject({ way: 'environment' })
  })

  test('end with down, with their data kept, and nobody else does', async () => {
    const stranger = await startProcess(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      log: join(folder, 'stranger.log'),
    })
    // The pid of a server that died in a crash of the machine may be another program's today.
    const state = readServicesState(paths)
    state.services['redis'] = {
      ...state.services['redis'],
      way: 'pinned',
      process: { pid: stranger.pid, started: 'x' },
    }
    writeServicesState(paths, state, addresses)
    const ours = [state.services['postgres'].process!, state.services['s3'].process!]
    expect(await stopServices({ paths, say: silent })).toEqual(['Postgres', 'S3'])
    expect(ours.map((process) => isRunning(process))).toEqual([false, false])
    expect(isRunning(stranger)).toBe(true)
    await stopProcess(stranger)
    expect(readdirSync(paths.state)).not.toContain('services.json')

    const again = await up()
    expect(await query(again.addresses['DATABASE_URL'] ?? '', 'select value from kept')).toEqual([{ value: 'value' }])
    const client = storage(again.addresses)
    expect((await client.statObject(again.addresses['S3_BUCKET'] ?? '', 'kept')).size).toBe(5)
  })
})

test('a program that cannot be had names every way that was tried, and what to do', async () => {
  const nowhere = workspacePaths({
    state: mkdtempSync(join(tmpdir(), 'ser-services-')),
    env: { XDG_CACHE_HOME: folder },
  })
  const { databaseUrl } = await testServices()
  const starting = startServices({
    paths: nowhere,
    env: { PATH: '/nowhere', DATABASE_URL: databaseUrl },
    say: silent,
    ways: ['path'],
  })
  const error: unknown = await starting.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SetupError)
  expect(String(error)).toMatch(/could not be started: no .* on the PATH/)
  expect(error instanceof SetupError && error.hint).toMatch(/start a Docker engine, install .*, or give/)
  rmSync(nowhere.state, { recursive: true })
})
