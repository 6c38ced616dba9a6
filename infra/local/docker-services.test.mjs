import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hasDockerCompose, startDockerServices, stopDockerServices } from './docker-services.mjs'
import { redis } from './redis.mjs'
import { workspacePaths } from './workspace-paths.mjs'

const folder = mkdtempSync(join(tmpdir(), 'ser-docker-'))
const calls = join(folder, 'calls')
const secrets = { postgresPassword: 'p', redisPassword: 'r', s3AccessKey: 'a', s3SecretKey: 's', apiToken: 't' }
const paths = workspacePaths({ root: folder, state: join(folder, '.ser') })
const silent = () => {}

/** A docker on the PATH that writes down its calls and does what the script says. @param {string} script */
function fakeDocker(script) {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\necho "$* [$REDIS_PASSWORD]" >> ${calls}\n${script}\n`)
  chmodSync(join(bin, 'docker'), 0o755)
}

beforeEach(() => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`)
  rmSync(calls, { force: true })
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

test('needs an engine that answers and the compose plugin', async () => {
  fakeDocker('exit 0')
  expect(await hasDockerCompose()).toBe(true)
  fakeDocker('[ "$1" != compose ]')
  expect(await hasDockerCompose()).toBe(false)
  fakeDocker('[ "$1" != info ]')
  expect(await hasDockerCompose()).toBe(false)
})

test('starts and waits, and asks for the ports that Docker chose', async () => {
  fakeDocker('case "$*" in *" port redis 6379") echo 127.0.0.1:49153;; esac')
  const probe = vi.fn(async () => {})
  const records = await startDockerServices([{ ...redis, probe }], { paths, secrets, say: silent })
  expect(records).toMatchObject({ redis: { way: 'docker', addresses: { REDIS_URL: 'redis://:r@127.0.0.1:49153' } } })
  expect(probe).toHaveBeenCalledOnce()
  expect(readFileSync(calls, 'utf8')).toMatch(/compose -p ser-[0-9a-f]{8} .* up -d --wait redis \[r\]/)
  expect(readFileSync(join(paths.state, 'compose.local.yml'), 'utf8')).toContain('ports: ["127.0.0.1::6379"]')
})

test('stops its containers and keeps them', async () => {
  fakeDocker('exit 0')
  await stopDockerServices([redis], { paths, secrets })
  expect(readFileSync(calls, 'utf8')).toMatch(/ stop redis /)
})

test('says what Docker says when it fails', async () => {
  fakeDocker('echo "no such image" >&2; exit 1')
  const starting = startDockerServices([redis], { paths, secrets, say: silent })
  await expect(starting).rejects.toThrow('docker compose up failed: no such image')
})
