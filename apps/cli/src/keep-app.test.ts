import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepApp } from './keep-app.ts'

describe('an app that is kept running', () => {
  let folder: string
  let logFile: string
  const said: string[] = []
  const say = (text: string) => void said.push(text)

  beforeEach(async () => {
    said.length = 0
    folder = await mkdtemp(join(tmpdir(), 'ser-keep-'))
    logFile = join(folder, 'logs/worker.log')
  })

  afterEach(() => rm(folder, { recursive: true }))

  async function specOf(code: string) {
    const entry = join(folder, 'main.mjs')
    await writeFile(entry, code)
    return { name: 'worker', entry, env: {}, logFile }
  }

  /** The process ids that the app wrote down, one each time that it was started. */
  async function pids(): Promise<number[]> {
    const log = await readFile(logFile, 'utf8')
    return [...log.matchAll(/pid (\d+)\n/g)].map((match) => Number(match[1]))
  }

  const pidsAre = (count: number) =>
    vi.waitFor(async () => expect(await pids()).toHaveLength(count), { timeout: 15_000, interval: 20 })

  const LIVES_ON = 'console.log(`pid ${process.pid}`); setInterval(() => {}, 1000)'

  it('is started again after it was killed, and says so with the end of its log', { timeout: 30_000 }, async () => {
    const app = await keepApp(await specOf(LIVES_ON), { say, waitsMs: [10] })
    await pidsAre(1)
    const [first] = await pids()
    process.kill(first, 'SIGKILL')
    await pidsAre(2)
    expect(said).toEqual([
      `worker ended (SIGKILL); was there too little memory? It is started again in 0.01 s; its log, ${logFile}, ends with:\n  pid ${first}`,
    ])
    await app.stop()
    const [, second] = await pids()
    expect(() => process.kill(second, 0)).toThrow('ESRCH')
    expect(await pids()).toHaveLength(2)
  })

  it('is given up after it has ended soon after every start', { timeout: 30_000 }, async () => {
    const code = "console.log(`pid ${process.pid}`); console.error('no such database'); process.exitCode = 3"
    const app = await keepApp(await specOf(code), { say, waitsMs: [1, 2] })
    await expect(app.failure).rejects.toMatchObject({
      code: 'APP_ENDED',
      exitCode: 1,
      message: expect.stringMatching(
        /^worker ended \(exit code 3\)\. It ended 3 times.*given up; .*no such database$/s,
      ),
    })
    expect(await pids()).toHaveLength(3)
    expect(said).toHaveLength(2)
    await app.stop()
  })

  it('is started again as often as it ends where it has lived long', { timeout: 30_000 }, async () => {
    const app = await keepApp(await specOf(LIVES_ON), { say, waitsMs: [1], soonMs: 0 })
    for (let lives = 1; lives <= 3; lives++) {
      await pidsAre(lives)
      process.kill((await pids())[lives - 1], 'SIGKILL')
    }
    await pidsAre(4)
    await app.stop()
  })

  it('is not started any more when it is stopped while it waits', { timeout: 30_000 }, async () => {
    const app = await keepApp(await specOf('process.exitCode = 1'), { say, waitsMs: [60_000] })
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 15_000, interval: 20 })
    await app.stop()
    expect(said[0]).toContain('is empty')
  })
})
