import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const index = JSON.stringify(join(import.meta.dirname, 'index.ts'))

/** Trains in a process of its own, batches of a size that is divided into parts; prints a weight's values. */
const TRAIN = `
  const { buildModel, fitModel, loadTensorflow } = await import(${index})
  const { tf } = await loadTensorflow()
  const [features, count] = [12, 256]
  const vectors = Float32Array.from({ length: count * features }, (_, index) => Math.sin(index * index))
  const examples = { vectors, labels: Uint8Array.from({ length: count }, (_, index) => index % 7) }
  const architecture = { layout: 'steps', features, lstmUnits: [128, 128], denseUnits: 32, dropout: 0.2, classes: 7 }
  const model = buildModel(tf, { ...architecture, seed: 1 })
  await fitModel({ model, train: examples, test: examples, epochs: 2, batchSize: 256, learningRate: 0.001, seed: 1 })
  console.log(JSON.stringify(Array.from(model.weights.get('dense_1/kernel').dataSync())))`

function train(command: string, before: string[] = []): string {
  const flags = ['--import', 'tsx', '-C', 'ser-source', '--input-type=module', '-e', TRAIN]
  return execFileSync(command, [...before, ...flags], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

test.skipIf(process.platform !== 'linux')('gives the same numbers on one core as on all', () => {
  const everywhere = train(process.execPath)
  expect(JSON.parse(everywhere)).toHaveLength(128 * 32)
  expect(train('taskset', ['-c', '0', process.execPath])).toBe(everywhere)
})
