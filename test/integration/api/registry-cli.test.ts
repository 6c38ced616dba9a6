import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { repositoryRoot } from '../../support/index.ts'
import { useRegistry } from './registry-requests.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
const { promote, seedModel, answering } = useRegistry(() => api)

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** `ser` as a process, as a person runs it. */
async function ser(...words: string[]): Promise<Ended> {
  const program = ['--import', 'tsx', '-C', 'ser-source', 'apps/cli/src/main.ts']
  const env = { ...process.env, SER_API_URL: api.url, SER_API_TOKEN: api.token }
  const ended = promisify(execFile)(process.execPath, [...program, ...words], { cwd: repositoryRoot, env })
  return ended.then(
    (output) => ({ code: 0, ...output }),
    (error: Ended) => error,
  )
}

it('promotes, refuses, rolls back and tells what happened', async () => {
  await seedModel('paper')
  await promote('paper', { version: 1 })
  const worse = await ser('models', 'promote', 'paper@3')
  expect(worse).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('not shown to be as good as the champion @1'),
  })
  await promote('paper', { version: 2, reason: 'half of the mistakes' })
  const back = await ser('models', 'rollback', 'paper', '--from', '2')
  expect(back.stdout).toContain('rolled back: champion is @1, before @2')
  expect((await answering('paper')).version).toBe(1)
  const history = await ser('models', 'history', 'paper')
  expect(history.stdout).toMatch(
    /rolled back: champion is @1.*\n.*champion is @2, before @1 .* passed .*half of the mistakes/,
  )
  expect(history.stdout).toMatch(/\S+@\S+ \(admin\)/)
})

it('takes the options of what is asked about a model, not of the list of models', async () => {
  await seedModel('shown')
  const shown = await ser('models', 'show', 'shown@2', '--json')
  expect(JSON.parse(shown.stdout)).toMatchObject({
    model: 'shown',
    version: 2,
    run: { codeVersion: 'code-under-test' },
  })
})
