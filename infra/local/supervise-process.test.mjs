import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isRunning, startProcess, startTime, stopProcess } from './supervise-process.mjs'

const folder = mkdtempSync(join(tmpdir(), 'ser-supervise-'))
const log = join(folder, 'logs/program.log')
afterAll(() => rmSync(folder, { recursive: true }))

const run = (/** @type {string} */ code) => startProcess(process.execPath, ['-e', code], { log })
const FOREVER = 'setInterval(() => {}, 1000)'

test('starts a program, and ends it', async () => {
  const program = await run(FOREVER)
  expect(isRunning(program)).toBe(true)
  await stopProcess(program)
  expect(isRunning(program)).toBe(false)
})

test('kills a program that does not heed the signal', async () => {
  const program = await run(`process.on('SIGTERM', () => {}); console.log('deaf'); ${FOREVER}`)
  await expect.poll(() => readFileSync(log, 'utf8')).toContain('deaf')
  await stopProcess(program, { patienceMs: 100 })
  expect(isRunning(program)).toBe(false)
})

test('does not end another process that has the pid now', async () => {
  const stranger = await run(FOREVER)
  const ours = { pid: stranger.pid, started: `${stranger.started}0` }
  expect(isRunning(ours)).toBe(false)
  await stopProcess(ours)
  expect(isRunning(stranger)).toBe(true)
  await stopProcess(stranger)
})

test('keeps what the program said', async () => {
  const program = await run('console.log("to the output"); console.error("to the error output")')
  await expect.poll(() => isRunning(program)).toBe(false)
  expect(readFileSync(log, 'utf8')).toMatch(/to the output[\s\S]*to the error output/)
})

test('says that a program is not there', async () => {
  await expect(startProcess(join(folder, 'nothing'), [], { log })).rejects.toMatchObject({ code: 'ENOENT' })
})

test('knows no start of a process that does not run', () => {
  expect(startTime(process.pid)).toBe(startTime(process.pid))
  expect(startTime(2 ** 22 + 1)).toBeUndefined()
})
