import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findEntry } from './find-entry.ts'
import { describeEnd, startProcess } from './start-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'ser-processes-'))
const entry = (name: string) => pathToFileURL(join(folder, name))

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'source-process.ts'),
    `process.once('message', (task: { values: Float32Array }) => process.send!(task.values.map((value) => value * 2)))`,
  )
  writeFileSync(join(folder, 'built-process.js'), `console.log('x'.repeat(5000), 'the last words'); process.exit(3)`)
  writeFileSync(
    join(folder, 'source-thread.ts'),
    `import { parentPort } from 'node:worker_threads'
     const said: string = 'from source'
     parentPort!.postMessage(said)`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

test('runs a TypeScript file as a process and passes typed arrays to it and back', async () => {
  const { child } = startProcess(entry('source-process.ts'))
  child.send({ values: Float32Array.of(1, 2) })
  const [doubled] = await once(child, 'message')
  child.kill()
  expect(doubled).toEqual(Float32Array.of(2, 4))
})

test('runs the JavaScript beside a bundle where there is no source, and keeps the last that it printed', async () => {
  const { child, output } = startProcess(entry('built-process.ts'))
  const [code] = await once(child, 'close')
  expect(code).toBe(3)
  expect(output()).toHaveLength(1999)
  expect(output()).toMatch(/^x+ the last words$/)
})

test('runs a TypeScript file as a thread', async () => {
  const { filename, ...options } = findEntry(entry('source-thread.ts'))
  const [said] = await once(new Worker(new URL(filename), options), 'message')
  expect(said).toBe('from source')
})

test('asks after memory when a process was killed, and quotes what it said', () => {
  expect(describeEnd('SIGKILL', '')).toBe('ended (SIGKILL); was there too little memory?')
  expect(describeEnd('exit code 1', 'no such file')).toBe('ended (exit code 1). It said: no such file')
})
