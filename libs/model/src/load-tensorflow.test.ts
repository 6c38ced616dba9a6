import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** A process has one backend, so each case gets its own. */
function load(before: string, options: string): Record<string, unknown> {
  const script = `
    ${before}
    const { loadTensorflow } = await import(${JSON.stringify(join(import.meta.dirname, 'load-tensorflow.ts'))})
    const { tf, ...loaded } = await loadTensorflow(${options})
    const product = Array.from(tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync())
    console.log(JSON.stringify({ ...loaded, product }))`
  const flags = ['--import', 'tsx', '-C', 'ser-source', '--input-type=module', '-e', script]
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** What Node says when the native addon or its library is missing. */
const WITHOUT_ADDON = `
  import Module from 'node:module'
  const load = Module._load
  Module._load = (request, ...rest) => {
    if (request.endsWith('tfjs_binding.node')) throw new Error('libtensorflow.so.2: cannot open shared object file\\nand more')
    return load(request, ...rest)
  }`

test('falls back to plain JavaScript with one line that says why', () => {
  expect(load(WITHOUT_ADDON, '')).toEqual({
    backend: 'cpu',
    version: '4.22.0',
    fallbackReason: expect.stringMatching(
      /^tfjs-node does not load \([^\n]+\): training in plain JavaScript, many times slower$/,
    ),
    product: [11],
  })
})

test('takes plain JavaScript without a reason when asked for it', () => {
  expect(load('', "{ backend: 'cpu' }")).toEqual({ backend: 'cpu', version: '4.22.0', product: [11] })
})
